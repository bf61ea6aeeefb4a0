package io.samepage.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four threads touch memory that migrates while garbage is made and collected all the time: nobody hangs, no byte is lost, under each
 * collector that this JVM has and each compiler. Each in a JVM of its own, which is watched from outside.
 * {@code -Dsamepage.storm.seconds} says how long each lasts at least, {@code -Dsamepage.storm.faults} how many faults there are at least,
 * {@code -Dsamepage.storm.seed} sets the seed.
 */
public abstract class CollectorStorm {
  private static final long SEED = Long.getLong("samepage.storm.seed", 20_261);
  /** Without any progress for so long, a thread hangs. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  /**
   * A kind of JVM.
   *
   * @param name what is said of it
   * @param around what a touch brings there: single pages make for more faults
   * @param option what makes it so
   * @param percent of the usual faults
   */
  private record Kind(String name, String around, String option, int percent) {}

  /** Collectors, under the usual two compilers; then single compilers and none, under the usual collector. */
  private static final List<Kind> KINDS = List.of(
      new Kind("G1", "dense", "-XX:+UseG1GC", 100),
      new Kind("ZGC", "dense", "-XX:+UseZGC", 100),
      new Kind("Shenandoah", "unit", "-XX:+UseShenandoahGC", 100),
      new Kind("Serial", "page", "-XX:+UseSerialGC", 100),
      new Kind("Parallel", "page", "-XX:+UseParallelGC", 100),
      new Kind("C2 alone", "page", "-XX:-TieredCompilation", 40),
      new Kind("C1 alone", "unit", "-XX:TieredStopAtLevel=1", 40),
      new Kind("interpreter", "page", "-Xint", 20));

  @TempDir
  private Path folder;

  /** {@return the names of the devices that write the pages} */
  protected abstract List<String> devices();

  /** {@return how many faults each storm has at least, unless a property says so; for single compilers and the interpreter less} */
  protected abstract long usualFaults();

  /** {@return how many seconds each storm lasts at least, unless a property says so} */
  protected abstract long usualSeconds();

  @TestFactory
  Stream<DynamicTest> nobodyHangsAndNothingIsLost() throws IOException, InterruptedException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Kind kind : KINDS) {
      if (isKnown(kind)) {
        tests.add(DynamicTest.dynamicTest(kind.name, () -> storm(kind)));
      } else {
        System.out.println(StormMain.RESULT + "this JVM does not have " + kind.name);
      }
    }
    assertThat(tests).as("kinds of this JVM").hasSizeGreaterThan(6);
    return tests.stream();
  }

  private boolean isKnown(Kind kind) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
    words.add(kind.option);
    words.add("-version");
    return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
  }

  private void storm(Kind kind) throws IOException, InterruptedException {
    long faults = Long.getLong("samepage.storm.faults", usualFaults() * kind.percent / 100);
    long seconds = Long.getLong("samepage.storm.seconds", usualSeconds());
    ChildJvm.Command command = ChildJvm.Command.of(StormMain.class, folder.resolve(kind.name.replace(" ", "-")))
        .withJvm("-Xmx64m", kind.option, "-Dsamepage.fault.around=" + kind.around)
        .with(String.join(",", devices()), Long.toString(faults), Long.toString(seconds), Long.toString(SEED));
    ChildJvm.Result result = command.run(SILENCE);
    assertThat(result.exitCode()).as("%s, seed=%d: %s", kind, SEED, result).isZero();
    assertThat(result.err()).doesNotContain("WARN").doesNotContain("ERROR");
    String last = result.out().getLast();
    assertThat(last).startsWith(StormMain.RESULT);
    System.out.println(StormMain.RESULT + kind.name + ", around=" + kind.around + ", on " + devices() + ": "
        + last.substring(StormMain.RESULT.length()));
  }
}
