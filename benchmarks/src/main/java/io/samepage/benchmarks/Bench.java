package io.samepage.benchmarks;

import io.samepage.DeviceInfo;
import io.samepage.HostAccess;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.report.MarkdownTable;
import io.samepage.benchmarks.report.ResultFiles;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Round;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.safepoints.Safepoints;
import io.samepage.benchmarks.work.BenchmarkMemory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures comparisons round by round and prints the table. */
@Command(name = "./bench", sortOptions = false, subcommands = Safepoints.class,
    description = "Samepage's figures beside those of the raw driver, both sides in one run.")
public final class Bench implements Callable<Integer> {
  private static final Path RESULTS = Path.of("docs", "results");

  @Spec
  private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Benchmarks to run, by class. Default: all")
  private List<String> names = List.of();

  @Option(names = "--quick", description = "A smoke run: each benchmark once, small and short. Its figures mean nothing.")
  private boolean isQuick;

  @Option(names = "--rounds", paramLabel = "N", description = "How often both sides are measured. Default: 5, with --quick 1")
  private Integer rounds;

  @Option(names = "--device", paramLabel = "DEVICE", defaultValue = BenchmarkMemory.DEFAULT_DEVICE,
      description = "The device: opencl, opencl:1, cuda. What is measured is measured beside its back end's raw driver, and on CUDA "
          + "beside managed memory. Default: ${DEFAULT-VALUE}")
  private String device;

  @Option(names = "--write", paramLabel = "WHAT", arity = "0..1", fallbackValue = "",
      description = "Write the results to docs/results/<date>-<kind of machine>[-WHAT].md and .json.")
  private String title;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
  private boolean helps;

  private Bench() {}

  /**
   * Runs the program and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    CommandLine program = new CommandLine(new Bench());
    program.setExecutionExceptionHandler((e, command, parsed) -> {
      command.getErr().println("error: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
      return CommandLine.ExitCode.SOFTWARE;
    });
    System.exit(program.execute(arguments));
  }

  @Override
  public Integer call() throws RunnerException, IOException {
    System.setProperty(BenchmarkMemory.DEVICE_PROPERTY, device);
    DeviceInfo info = deviceInfo();
    List<Comparison> comparisons = chosen(info.backend());
    Plan plan = isQuick ? Plan.QUICK : Plan.FULL;
    if (rounds != null) {
      plan = plan.withRounds(rounds);
    }
    double load = Machine.load();
    Machine machine = Machine.with(info);
    Results results = new Results(LocalDate.now().toString(), rows(comparisons, plan), machine, plan.text(), load);
    PrintWriter out = spec.commandLine().getOut();
    MarkdownTable.lines(results.rows()).forEach(out::println);
    if (title != null) {
      ResultFiles.write(RESULTS, title, results).forEach(file -> out.println("written: " + file));
    }
    return CommandLine.ExitCode.OK;
  }

  private List<Comparison> chosen(String backend) {
    List<Comparison> all = Comparisons.of(backend, isQuick);
    List<String> known = all.stream().map(Comparison::benchmark).distinct().toList();
    names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
      throw new ParameterException(spec.commandLine(), "No such benchmark on this back end: name=" + name + ", backend=" + backend
          + ", known=" + String.join(" ", known));
    });
    if (title != null && !title.matches("[a-z0-9-]*")) {
      throw new ParameterException(spec.commandLine(), "--write takes small letters, digits and dashes: what=" + title);
    }
    if (rounds != null && rounds < 1) {
      throw new ParameterException(spec.commandLine(), "--rounds is at least 1: rounds=" + rounds);
    }
    if (names.isEmpty()) {
      return possible(all);
    }
    return all.stream().filter(comparison -> names.contains(comparison.benchmark())).toList();
  }

  /** What can be measured here; whoever asks for something else by its name is told why not by its failure. */
  private List<Comparison> possible(List<Comparison> all) {
    HostAccess access = hostAccess();
    if (access.isTransparent()) {
      return all;
    }
    spec.commandLine().getErr().println("left out is what touches memory without leases: " + access.reason() + ". " + access.remedy());
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

  /** Every comparison once in each round, so that what disturbs the machine for a while disturbs few rounds of each. */
  private List<Row> rows(List<Comparison> comparisons, Plan plan) throws RunnerException, IOException {
    JmhMeter meter = new JmhMeter(plan, device);
    PrintWriter progress = spec.commandLine().getErr();
    List<List<Round>> measured = new ArrayList<>();
    comparisons.forEach(comparison -> measured.add(new ArrayList<>()));
    for (int round = 0; round < plan.rounds(); round++) {
      for (int i = 0; i < comparisons.size(); i++) {
        progress.printf("round %d of %d: %s%n", round + 1, plan.rounds(), comparisons.get(i).title());
        measured.get(i).add(meter.measure(comparisons.get(i), round % 2 == 0));
      }
    }
    return IntStream.range(0, comparisons.size()).mapToObj(i -> Row.of(comparisons.get(i), measured.get(i))).toList();
  }
}
