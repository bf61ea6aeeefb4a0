package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of the README that says how it stands with the targets, between two lines that mark it. */
public final class Readme {
  static final String BEGIN = "<!-- figures: ./bench --table keeps them in step with docs/results -->";
  static final String END = "<!-- end of figures -->";

  private Readme() {}

  /**
   * Brings that part in step.
   *
   * @param file the README
   * @param results what was measured, if anything was
   * @return whether that changed anything
   * @throws IOException if the file can't be read or written, or has no such part
   */
  public static boolean update(Path file, Optional<Results> results) throws IOException {
    List<String> old = Files.readAllLines(file);
    List<String> lines = with(old, results);
    if (lines.equals(old)) {
      return false;
    }
    Files.write(file, lines);
    return true;
  }

  /** The lines of a README with that part in step. */
  static List<String> with(List<String> old, Optional<Results> results) throws IOException {
    int begin = old.indexOf(BEGIN);
    int end = old.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("The README has no place for the figures: begin=" + BEGIN + ", end=" + END + ". Put both lines into it.");
    }
    List<String> lines = new ArrayList<>(old.subList(0, begin + 1));
    lines.addAll(block(results));
    lines.addAll(old.subList(end, old.size()));
    return lines;
  }

  private static List<String> block(Optional<Results> results) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.addAll(TargetTable.summary(results));
    lines.add("");
    lines.add(results.map(Readme::where).orElse("Nothing was measured yet."));
    lines.add("");
    return lines;
  }

  private static String where(Results results) {
    Machine machine = results.machine();
    return "Measured on " + machine.cpu() + " with " + machine.cores() + " cores and " + machine.memoryGib() + " GiB, device `"
        + machine.device() + "`, " + machine.driver() + "; the last row on " + results.date() + ".";
  }
}
