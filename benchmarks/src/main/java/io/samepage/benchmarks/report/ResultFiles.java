package io.samepage.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results as files side by side: Markdown for people, JSON for programs. */
public final class ResultFiles {
  private static final ObjectMapper MAPPER = JsonMapper.builder().addModule(new Jdk8Module())
      .enable(SerializationFeature.INDENT_OUTPUT)
      .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT)).build();

  private ResultFiles() {}

  /**
   * Writes both files, named by date and kind of machine, and by what they are about; results of the same name are replaced.
   *
   * @param folder where; made if it is not there
   * @param what what they are about, fit for a file name; empty: everything
   * @param results what to write
   * @return the files
   * @throws IOException if that fails
   */
  public static List<Path> write(Path folder, String what, Results results) throws IOException {
    Files.createDirectories(folder);
    String name = results.date() + "-" + results.machine().kind() + (what.isEmpty() ? "" : "-" + what);
    return List.of(Files.write(folder.resolve(name + ".md"), markdown(results)),
        Files.writeString(folder.resolve(name + ".json"), MAPPER.writeValueAsString(results) + System.lineSeparator()));
  }

  /**
   * The page for people.
   *
   * @param results the results
   * @return its lines
   */
  static List<String> markdown(Results results) {
    Machine machine = results.machine();
    List<String> lines = new ArrayList<>();
    lines.add("# Benchmarks, " + results.date());
    lines.add("");
    lines.addAll(MarkdownTable.lines(results.rows()));
    lines.addAll(List.of("",
        "Ratios are the baseline's time through ours, so 1 is as fast and more is faster. Each round measures both sides one right after",
        "the other, in a JVM of its own each; the ratio is taken round by round, and shown are the middle one, the lowest and the highest.",
        "Times are the middle ones; of the pipeline outside kernels, a round's time is the mean of its runs. Heap bytes are what an",
        "operation allocates; where each operation is prepared by others they are told if the benchmark itself counts them.",
        "The command of a row measures all rows of its benchmark again; `./bench` measures all.", "",
        "| machine | |", "| --- | --- |",
        "| processor | " + machine.cpu() + ", " + machine.cores() + " cores |",
        "| memory | " + machine.memoryGib() + " GiB |",
        "| system | " + machine.system() + " |",
        "| Java | " + machine.jdk() + " |",
        "| device | " + machine.device() + " |",
        "| driver | " + machine.driver() + " |",
        "| effort | " + results.effort() + " |",
        "| load average at the start | " + String.format(Locale.ROOT, "%.1f", results.loadBefore()) + " |"));
    return lines;
  }
}
