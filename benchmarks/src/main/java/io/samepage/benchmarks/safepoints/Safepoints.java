package io.samepage.benchmarks.safepoints;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures the time to safepoint of JVMs in which two threads wait for pages all the time, for each collector, each beside a JVM whose
 * threads do the same with pages that stay: {@code ./bench safepoints}. What those need is owed to the threads and not to the faults.
 */
@Command(name = "safepoints", sortOptions = false,
    description = "Time to safepoint while two threads fault on the embedded device and garbage is collected, by collector.")
public final class Safepoints implements Callable<Integer> {
  private static final List<String> COLLECTORS = List.of("G1", "Z");
  private static final double LEAST_FAULTS_PER_SECOND = 8_000;
  private static final long GOAL_NANOS = 1_000_000;

  @Spec
  private CommandSpec spec;

  @Option(names = "--seconds", paramLabel = "N", defaultValue = "30", description = "How long each JVM runs. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(names = "--pause-micros", paramLabel = "N", defaultValue = "0",
      description = "How long each of the two threads sleeps after a fault; 0 for never, which is the hardest. Default: ${DEFAULT-VALUE}")
  private int pauseMicros;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
  private boolean helps;

  private Safepoints() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("| collector | faults/s | safepoints | p50 µs | p99 µs | max µs | p99 ≤ 1 ms |");
    out.println("| --------- | -------- | ---------- | ------ | ------ | ------ | ---------- |");
    boolean isValid = true;
    for (String collector : COLLECTORS) {
      isValid &= measure(collector, false) & measure(collector, true);
    }
    return isValid ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** Answers whether what was measured is what was to be measured. */
  private boolean measure(String collector, boolean hasFaults) throws IOException, InterruptedException {
    // In a new folder: the JVM would keep a file that is there already beside its own.
    Path folder = Files.createTempDirectory("samepage-safepoints");
    Path log = folder.resolve("safepoints.log");
    FaultLoad.Report load = load(collector, hasFaults, log);
    try (Stream<String> lines = Files.lines(log)) {
      SafepointLog safepoints = SafepointLog.of(lines, load.fromMillis(), load.toMillis());
      long p99 = safepoints.percentileNanos(99);
      String met = !hasFaults ? "–" : p99 <= GOAL_NANOS ? "yes" : "no";
      spec.commandLine().getOut().println(String.format(Locale.ROOT, "| %-9s | %,8.0f | %,10d | %6.1f | %6.1f | %6.1f | %-10s |",
          collector, load.faultsPerSecond(), safepoints.count(), safepoints.percentileNanos(50) / 1e3, p99 / 1e3,
          safepoints.maxNanos() / 1e3, met));
    }
    Files.delete(log);
    Files.delete(folder);
    if (hasFaults && load.faultsPerSecond() < LEAST_FAULTS_PER_SECOND) {
      spec.commandLine().getErr().printf(Locale.ROOT, "too few faults a second for the goal to mean anything: found=%.0f, least=%.0f%n",
          load.faultsPerSecond(), LEAST_FAULTS_PER_SECOND);
      return false;
    }
    return true;
  }

  private FaultLoad.Report load(String collector, boolean hasFaults, Path log) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command(collector, hasFaults, log)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> output = process.inputReader().readAllLines();
    int code = process.waitFor();
    return output.stream().filter(FaultLoad.Report::isOne).findFirst().map(FaultLoad.Report::parse)
        .orElseThrow(() -> new IllegalStateException("The JVM with the load failed: exitCode=" + code + ", collector=" + collector
            + ", output=" + output));
  }

  private List<String> command(String collector, boolean hasFaults, Path log) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    // A small heap is collected often. What the embedded device keeps lies outside it.
    command.addAll(List.of("-Xmx256m", "-XX:MaxDirectMemorySize=1g", "-XX:+Use" + collector + "GC",
        "-Xlog:safepoint=info:file=" + log + ":" + SafepointLog.DECORATION + ":filecount=0", "-cp", System.getProperty("java.class.path"),
        FaultLoad.class.getName(), "" + seconds, "" + hasFaults, "" + pauseMicros));
    return command;
  }
}
