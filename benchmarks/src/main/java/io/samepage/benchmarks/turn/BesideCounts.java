package io.samepage.benchmarks.turn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the runs take of who is run in turn with what JMH measures: the same counts as of that. They go by a file, as what JMH adds up
 * has no more than one of each name.
 *
 * @param <R> who is run
 */
public final class BesideCounts<R extends CountedRun> {
  private static final String NANOS = "countedNanos";

  private final Counted counted = new Counted();
  private final List<RunSums<? super R>> sums;
  private long countedNanos;

  BesideCounts(List<RunSums<? super R>> sums) {
    this.sums = sums;
  }

  /** Runs it once. */
  void measure(R run) {
    TurnState.measure(run, counted, sums);
  }

  /** Those that were measured since the last call were an iteration, of which the middle one counts. */
  void endIteration() {
    countedNanos += counted.countedNanos();
    counted.clear();
  }

  /** Writes them to a file. */
  void write(Path file) {
    try {
      Files.write(file, lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(NANOS + " " + countedNanos));
    Stream.concat(Stream.of(counted), sums.stream()).forEach(each -> Stream.of(each.getClass().getFields())
        .map(field -> field.getName() + " " + value(field, each)).forEach(lines::add));
    return lines;
  }

  private static long value(Field field, Object object) {
    try {
      return field.getLong(object);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("JMH adds up public fields: field=" + field, e);
    }
  }

  /**
   * Reads what was written.
   *
   * @param file the file
   * @return the sums, by the names that JMH has for its own
   * @throws IOException if it can't be read
   */
  public static Map<String, Double> read(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(line -> line.split(" "))
        .collect(Collectors.toMap(words -> words[0], words -> Double.valueOf(words[1])));
  }
}
