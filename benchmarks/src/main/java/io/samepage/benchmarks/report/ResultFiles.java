package io.samepage.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Results as files side by side: Markdown for people, JSON for programs. */
public final class ResultFiles {
  private static final ObjectMapper MAPPER = JsonMapper.builder().addModule(new Jdk8Module())
      .enable(SerializationFeature.INDENT_OUTPUT).disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_ABSENT)).build();

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
  static List<Path> write(Path folder, String what, Results results) throws IOException {
    Files.createDirectories(folder);
    String name = results.date() + ending(results.machine(), what);
    return List.of(Files.write(folder.resolve(name + ".md"), markdown(results)),
        Files.writeString(folder.resolve(name + ".json"), MAPPER.writeValueAsString(results) + System.lineSeparator()));
  }

  /** What follows the date in the names of files, without their types. */
  static String ending(Machine machine, String what) {
    return "-" + machine.kind() + (what.isEmpty() ? "" : "-" + what);
  }

  /**
   * Reads results.
   *
   * @param file the JSON
   * @return them, or nothing if the file has something else
   * @throws IOException if it can't be read
   */
  public static Optional<Results> read(Path file) throws IOException {
    JsonNode json = MAPPER.readTree(Files.readString(file));
    if (!json.path("rows").isArray()) {
      return Optional.empty();
    }
    if (!json.has("runs")) {
      upgrade((ObjectNode) json);
    }
    return Optional.of(MAPPER.treeToValue(json, Results.class));
  }

  /** The first files had one run, and times alone. */
  private static void upgrade(ObjectNode json) {
    ObjectNode run = json.putArray("runs").addObject();
    run.set("measured", json.get("date"));
    List.of("machine", "effort", "loadBefore").forEach(name -> run.set(name, json.get(name)));
    for (JsonNode node : json.get("rows")) {
      ObjectNode row = (ObjectNode) node;
      row.set("measured", json.get("date"));
      row.put("unit", Goal.NANOS);
      row.set("ours", row.remove("oursNanos"));
      if (row.has("baselineNanos")) {
        row.set("baseline", row.remove("baselineNanos"));
      }
    }
  }

  /**
   * The page for people.
   *
   * @param results the results
   * @return its lines
   */
  static List<String> markdown(Results results) {
    List<String> lines = new ArrayList<>();
    lines.add("# Benchmarks, " + results.date());
    lines.add("");
    lines.addAll(MarkdownTable.lines(results.rows()));
    lines.addAll(List.of("",
        "Ratios are the baseline's time through ours, so 1 is as fast and more is faster. Each round measures both sides, run by run in",
        "turn in one JVM where that is possible, else one right after the other in a JVM of its own each. The ratio is taken round by",
        "round. Shown are the middle one, and in parentheses within what the middle one of another run with as many rounds is to be",
        "expected, in 99 cases of 100, by what the row's own rounds and those of all rows of its run tell of their noise. Where so few",
        "rows tell nothing, nor do fewer than 3 rounds, there is the number of rounds. The JSON has the lowest and the highest round,",
        "and the run's noise. Beside several others without a goal ours is measured once. Times are the middle ones; of what is run in",
        "turn, a round's is the mean of its iterations' middle runs. Heap bytes are what an operation allocates; where each operation",
        "is prepared by others they are told if the benchmark itself counts them. The command of a row measures all rows of its",
        "benchmark again; `./bench` measures all. Rows of one run were measured by one command.",
        "", "How this stands to the design's goals:", ""));
    lines.addAll(TargetTable.summary(Optional.of(results)));
    lines.add("");
    addRuns(lines, RunTable.lines(results.rows()));
    lines.addAll(runs(results.runs()));
    return lines;
  }

  private static void addRuns(List<String> lines, List<String> table) {
    if (table.isEmpty()) {
      return;
    }
    lines.addAll(List.of("What a run takes and moves, the mean of all runs; a stage is all its rounds together, kernels included, and",
        "bytes are those of both ways. A stage ends when the host has what it needs: a copy that nobody waits for counts where it",
        "is begun, and takes its time where it is waited for.", ""));
    lines.addAll(table);
    lines.add("");
  }

  private static List<String> runs(List<Run> runs) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(cells("processor", runs, run -> run.machine().cpu() + ", " + run.machine().cores() + " cores"));
    rows.add(cells("memory", runs, run -> run.machine().memoryGib() + " GiB"));
    rows.add(cells("system", runs, run -> run.machine().system()));
    rows.add(cells("Java", runs, run -> run.machine().jdk()));
    rows.add(cells("device", runs, run -> run.machine().device()));
    rows.add(cells("driver", runs, run -> run.machine().driver()));
    rows.add(cells("effort", runs, Run::effort));
    rows.add(cells("load average at the start", runs, run -> Figures.format("%.1f", run.loadBefore())));
    return Table.lines(cells("run", runs, Run::measured), rows);
  }

  private static List<String> cells(String name, List<Run> runs, Function<Run, String> value) {
    List<String> cells = new ArrayList<>(List.of(name));
    runs.stream().map(value).forEach(cells::add);
    return cells;
  }
}
