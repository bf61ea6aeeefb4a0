package io.samepage.benchmarks;

import io.samepage.DeviceInfo;
import io.samepage.HostAccess;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.RawQueue;
import io.samepage.benchmarks.picture.Pictures;
import io.samepage.benchmarks.report.ChangeTable;
import io.samepage.benchmarks.report.MarkdownTable;
import io.samepage.benchmarks.report.Readme;
import io.samepage.benchmarks.report.ResultFiles;
import io.samepage.benchmarks.report.ResultFolder;
import io.samepage.benchmarks.report.RunTable;
import io.samepage.benchmarks.report.TargetTable;
import io.samepage.benchmarks.result.Change;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Run;
import io.samepage.benchmarks.safepoints.Safepoints;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures comparisons round by round, keeps what was found, and tells what was found before. */
@Command(name = "./bench", sortOptions = false, subcommands = Safepoints.class,
    description = "Samepage's figures beside those of others, both sides in one run.")
public final class Bench implements Callable<Integer> {
  private static final Path RESULTS = Path.of("docs", "results");
  private static final Path README = Path.of("README.md");
  private static final String JSON = ".json";

  @Spec
  private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Benchmarks to run, by class. Default: all")
  private List<String> names = List.of();

  @Option(names = "--quick", description = "A smoke run: each benchmark once, small and short. Its figures mean nothing.")
  private boolean isQuick;

  @Option(names = "--sizes",
      description = "Measure what a changed page and a launch cost on ranges of 1 MiB to 8 GiB, and a larger pipeline, in place of the "
          + "rest.")
  private boolean isBySize;

  @Option(names = "--rounds", paramLabel = "N",
      description = "How often both sides are measured, however long it takes. Default: 5, fewer where 19 minutes don't suffice; with "
          + "--quick 1")
  private Integer rounds;

  @Option(names = "--device", paramLabel = "DEVICE", defaultValue = BenchmarkMemory.DEFAULT_DEVICE,
      description = "The device: opencl, opencl:1, cuda. What is measured is measured beside its back end's raw driver, and on CUDA "
          + "beside managed memory. Default: ${DEFAULT-VALUE}")
  private String device;

  @Option(names = "--write",
      description = "Keep the results in docs/results/<date>-<kind of machine>.md and .json, in the place of the rows that were measured "
          + "again, and in the README.")
  private boolean keeps;

  @Option(names = "--title", paramLabel = "WHAT", defaultValue = "",
      description = "With --write: keep them in files of their own, docs/results/<date>-<kind of machine>-WHAT.md and .json.")
  private String title;

  @Option(names = "--table", description = "Measure nothing: show how the last results stand to the goals, and bring the README in step.")
  private boolean showsTable;

  @Option(names = "--compare", paramLabel = "OLD.json",
      description = "Compare with earlier results what is measured, or the results in another file that is named like a benchmark. Ratios "
          + "that worsened beyond the spreads of both make it fail.")
  private Path old;

  @Option(names = "--pictures", description = "Draw the last results, beside them; after measuring with --write, else without measuring.")
  private boolean draws;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
  private boolean helps;

  Bench() {}

  /**
   * Runs the program and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    // Titles have numbers in them, and must be the same everywhere.
    Locale.setDefault(Locale.ROOT);
    System.setProperty("java.awt.headless", "true");
    CommandLine program = new CommandLine(new Bench());
    program.setExecutionExceptionHandler((e, command, parsed) -> {
      command.getErr().println("error: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
      return CommandLine.ExitCode.SOFTWARE;
    });
    System.exit(program.execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    checkOptions();
    if (showsTable) {
      return table();
    }
    if (old != null && !names.isEmpty() && names.getFirst().endsWith(JSON)) {
      return compare(read(Path.of(names.getFirst())).rows());
    }
    return draws && !keeps ? draw() : measure();
  }

  private void checkOptions() {
    if (!title.matches("[a-z0-9-]*")) {
      throw refusal("--title takes small letters, digits and dashes: title=" + title);
    }
    if (!title.isEmpty() && !keeps) {
      throw refusal("--title names files, and nothing is kept without --write: title=" + title);
    }
    if (keeps && isQuick) {
      throw refusal("The figures of --quick mean nothing and are not kept: leave --write out.");
    }
    if (rounds != null && rounds < 1) {
      throw refusal("--rounds is at least 1: rounds=" + rounds);
    }
  }

  private ParameterException refusal(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int table() throws IOException {
    Optional<Results> latest = new ResultFolder(RESULTS).latest();
    print(TargetTable.lines(latest));
    updateReadme(latest);
    return CommandLine.ExitCode.OK;
  }

  private void updateReadme(Optional<Results> latest) throws IOException {
    if (Files.exists(README) && Readme.update(README, latest)) {
      print(List.of("written: " + README));
    }
  }

  private int draw() throws IOException {
    Results latest = new ResultFolder(RESULTS).latest()
        .orElseThrow(() -> new IOException("There are no results to draw: folder=" + RESULTS + ". Measure with ./bench --write."));
    Pictures.write(RESULTS, latest).forEach(line -> print(List.of(line)));
    return CommandLine.ExitCode.OK;
  }

  private int measure() throws IOException {
    System.setProperty(BenchmarkMemory.DEVICE_PROPERTY, device);
    DeviceInfo info = deviceInfo();
    List<Comparison> comparisons = Comparisons.present(chosen(info.backend()));
    Plan plan = isQuick ? Plan.QUICK : Plan.FULL;
    if (rounds != null) {
      plan = plan.withRounds(rounds);
    }
    String measured = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).toString();
    Run run = new Run(measured, Machine.with(info), plan.text(), Machine.load());
    log("%d comparisons, a round of them takes about %s; %s".formatted(comparisons.size(), Rounds.text(plan.estimate(comparisons)),
        plan.text()));
    Rounds measuring = new Rounds(plan, new SharingMeter(new JmhMeter(plan, device)), System::nanoTime, this::log);
    measuring.measure(comparisons);
    List<Row> rows = measuring.rows(measured);
    print(MarkdownTable.lines(rows));
    print(List.of(""));
    print(RunTable.lines(rows));
    log("took " + Rounds.text(measuring.elapsed()) + ", " + measuring.counts());
    keep(new Results(LocalDate.now(Clock.systemUTC()).toString(), rows, List.of(run)), info.backend());
    measuring.failures().forEach(failure -> log("failed: " + failure));
    int compared = old == null ? CommandLine.ExitCode.OK : compare(rows);
    return measuring.failures().isEmpty() ? compared : CommandLine.ExitCode.SOFTWARE;
  }

  private void keep(Results results, String backend) throws IOException {
    if (!keeps || results.rows().isEmpty()) {
      return;
    }
    ResultFolder folder = new ResultFolder(RESULTS);
    folder.write(title, results, AllComparisons.titles(backend)).forEach(file -> print(List.of("written: " + file)));
    updateReadme(folder.latest());
    if (draws) {
      draw();
    }
  }

  private int compare(List<Row> after) throws IOException {
    List<Row> before = read(old).rows();
    if (names.stream().noneMatch(name -> name.endsWith(JSON)) && (isBySize || isQuick || !names.isEmpty())) {
      before = before.stream().filter(row -> after.stream().anyMatch(other -> other.title().equals(row.title()))).toList();
    }
    List<Change> changes = Change.between(before, after);
    print(ChangeTable.lines(changes));
    List<Change> worse = changes.stream().filter(change -> change.kind() == Change.Kind.WORSE).toList();
    worse.forEach(change -> log("worse: " + change.title()));
    log(ChangeTable.summary(changes));
    return worse.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static Results read(Path file) throws IOException {
    return ResultFiles.read(file).orElseThrow(() -> new IOException("These are no results of benchmarks: file=" + file));
  }

  private List<Comparison> chosen(String backend) {
    if (isBySize) {
      return sizes(backend);
    }
    return chosen(AllComparisons.of(backend, isQuick), backend);
  }

  private List<Comparison> chosen(List<Comparison> all, String backend) {
    List<String> known = all.stream().map(Comparison::benchmark).distinct().toList();
    names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
      throw refusal("No such benchmark on this back end: name=" + name + ", backend=" + backend + ", known=" + String.join(" ", known));
    });
    return names.isEmpty() ? possible(all) : all.stream().filter(comparison -> names.contains(comparison.benchmark())).toList();
  }

  private List<Comparison> sizes(String backend) {
    if (!backend.equals(BenchmarkMemory.DEFAULT_DEVICE)) {
      throw refusal("Sizes are compared with the raw driver of OpenCL alone: backend=" + backend);
    }
    List<Comparison> fitting = SizeComparisons.fitting(Machine.memoryBytes(), RawQueue.largestBufferBytes());
    SizeComparisons.all().stream().filter(comparison -> !fitting.contains(comparison))
        .forEach(comparison -> log("left out, as it does not fit into memory or into a buffer of the device: " + comparison.title()));
    return chosen(Stream.concat(fitting.stream(), Comparisons.largerPipelines().stream()).toList(), backend);
  }

  /** What can be measured here; whoever asks for something else by its name is told why not by its failure. */
  private List<Comparison> possible(List<Comparison> all) {
    HostAccess access = hostAccess();
    if (access.isTransparent()) {
      return all;
    }
    log("left out is what touches memory without leases: " + access.reason() + ". " + access.remedy());
    return all.stream().filter(comparison -> !Comparisons.isTouching(comparison)).toList();
  }

  private static HostAccess hostAccess() {
    try (UnifiedMemory memory = BenchmarkMemory.open()) {
      return memory.hostAccess();
    }
  }

  private static DeviceInfo deviceInfo() {
    try (UnifiedMemory memory = BenchmarkMemory.open()) {
      return BenchmarkMemory.device(memory).info();
    }
  }

  private void print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  private void log(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
