package io.samepage.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.explorer.faults.ReplayTraces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compiles and runs the library's tests in C, plain and under sanitizers. */
class FaultHandlerTest {
  private static final Path SOURCES = Path.of("src/test/native").toAbsolutePath();
  private static final Path BUILT = Path.of("target/native-tests").toAbsolutePath();
  private static final int LIMIT_SECONDS = 300;

  private static final Path TRACES = BUILT.resolve("fault-traces.txt");
  private static final int TRACES_BY_CHANCE = 400;

  /** Those of building, by variant. */
  private static final Map<String, Integer> EXIT_CODES = new HashMap<>();

  /** A program under a sanitizer, and what it gets. */
  private record Run(String variant, String... command) {
    @Override
    public String toString() {
      return String.join(" ", command) + (variant.equals("plain") ? "" : " under " + variant + " sanitizer");
    }
  }

  @BeforeAll
  static void writeTraces() throws IOException {
    long seed = Long.getLong("samepage.replay.seed", 1);
    int byChance = Integer.getInteger("samepage.replay.traces", TRACES_BY_CHANCE);
    System.out.println("[explorer] to be replayed: " + ReplayTraces.write(TRACES, seed, byChance));
  }

  @TestFactory
  Stream<DynamicTest> cTests() {
    return Stream.of(
        new Run("plain", "word_test"),
        new Run("plain", "touch_test"),
        new Run("plain", "scan_test"),
        new Run("plain", "launch_test"),
        new Run("plain", "failure_test"),
        // Plain alone: sanitizers lose sight of threads that are cancelled.
        new Run("plain", "death_test"),
        new Run("plain", "refusal_test"),
        new Run("plain", "replay_test", TRACES.toString()),
        new Run("plain", "stress_test", "5", "1"),
        new Run("plain", "speed_test", "64"),
        new Run("address", "touch_test"),
        new Run("address", "scan_test"),
        new Run("address", "launch_test"),
        new Run("address", "failure_test"),
        new Run("address", "replay_test", TRACES.toString()),
        new Run("address", "stress_test", "3", "3"),
        // Two devices: the third one's plain copies race with its kernels at other bytes of the same page, as they may.
        new Run("thread", "touch_test"),
        new Run("thread", "failure_test"),
        new Run("thread", "replay_test", TRACES.toString()),
        new Run("thread", "stress_test", "3", "4", "2"))
        .map(run -> DynamicTest.dynamicTest(run.toString(), () -> compileAndRun(run)));
  }

  private static void compileAndRun(Run run) throws Exception {
    Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "Only Linux has what is tested here");
    int built = build(run.variant);
    Assumptions.assumeTrue(built != 77, "No compiler with the " + run.variant + " variant here, see the output above");
    assertThat(built).as("build.sh's exit code").isZero();
    Path folder = BUILT.resolve(run.variant);
    List<String> command = new ArrayList<>(List.of(run.command));
    command.set(0, folder.resolve(run.command[0]).toString());
    command.addFirst(folder.resolve("run").toString());
    assertThat(execute(run.toString(), command.toArray(String[]::new))).as("exit code of " + run).isZero();
  }

  /** Each variant is built once: even where nothing is older than its source, all programs are linked again. */
  private static int build(String variant) throws IOException, InterruptedException {
    Integer known = EXIT_CODES.get(variant);
    int built = known != null ? known : execute("build " + variant, SOURCES.resolve("build.sh").toString(), variant, BUILT.toString());
    EXIT_CODES.put(variant, built);
    return built;
  }

  private static int execute(String name, String... command) throws IOException, InterruptedException {
    Files.createDirectories(BUILT);
    Path output = Files.createTempFile(BUILT, "output", ".txt");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String text = Files.readString(output);
      if (!text.isEmpty()) {
        System.out.println(name + ":\n" + text);
      }
      assertThat(ended).as("ended within %d s: %s", LIMIT_SECONDS, name).isTrue();
      return process.exitValue();
    } finally {
      Files.delete(output);
    }
  }
}
