package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder with all results that were kept. */
public final class ResultFolder {
  private final Path folder;

  /**
   * A folder, which need not be there.
   *
   * @param folder the folder
   */
  public ResultFolder(Path folder) {
    this.folder = folder;
  }

  /** A file and what is in it. */
  private record Kept(Path file, Results results) {}

  /**
   * Writes results, in the place of the last of that name, of which all rows stay that were not measured again.
   *
   * @param what what they are about, fit for a file name; empty: everything
   * @param results what to write
   * @param order the titles of all rows that there can be
   * @return the files
   * @throws IOException if that fails
   */
  public List<Path> write(String what, Results results, List<String> order) throws IOException {
    String ending = ResultFiles.ending(results.machine(), what);
    Optional<Results> last = kept().stream().filter(kept -> kept.file().getFileName().toString().substring(10).equals(ending + ".json"))
        .map(Kept::results).max(Comparator.comparing(Results::date));
    return ResultFiles.write(folder, what, last.map(older -> results.over(older, order)).orElse(results));
  }

  /**
   * The latest figures of the kind of machine that was measured last; of several, that with the most rows.
   *
   * @return them, or nothing if there are none
   * @throws IOException if a file can't be read
   */
  public Optional<Results> latest() throws IOException {
    List<Kept> kept = kept();
    return kept.stream().map(Kept::results)
        .max(Comparator.comparing(Results::date).thenComparing(results -> results.rows().size()))
        .map(last -> last.machine().kind())
        .map(kind -> Results.latest(kept.stream().map(Kept::results).filter(results -> results.machine().kind().equals(kind)).toList()));
  }

  private List<Kept> kept() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Kept> kept = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.getFileName().toString().matches("\\d{4}-\\d\\d-\\d\\d-.*\\.json")).sorted().toList()) {
        ResultFiles.read(file).ifPresent(results -> kept.add(new Kept(file, results)));
      }
    }
    return kept;
  }
}
