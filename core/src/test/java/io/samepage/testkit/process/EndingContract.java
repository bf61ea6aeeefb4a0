package io.samepage.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.testkit.process.EndingMain.Ending;
import io.samepage.testkit.process.EndingMain.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole processes end while pages are touched, while a kernel runs and while threads wait for one: they run their shutdown hooks, end with
 * the code that is due, and leave nothing behind.
 */
public abstract class EndingContract {
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final int SIGNALLED = 128;

  /** How a process is ended, and what its exit code is then. */
  private record End(String name, Ending ending, int exitCode) {}

  private static final List<End> ENDS = List.of(
      new End("System.exit", Ending.EXIT, EndingMain.EXIT_CODE),
      new End("Runtime.halt", Ending.HALT, EndingMain.EXIT_CODE),
      new End("TERM", Ending.SIGNAL, SIGNALLED + 15),
      new End("INT", Ending.SIGNAL, SIGNALLED + 2));

  @TempDir
  private Path folder;

  /** {@return the name of the device that the process uses} */
  protected abstract String device();

  /** {@return whether a touch can wait for a kernel there} */
  protected abstract boolean canWaitForKernels();

  @TestFactory
  Stream<DynamicTest> processesEndAndLeaveNothingBehind() {
    List<DynamicTest> tests = new ArrayList<>();
    for (State state : State.values()) {
      if (state != State.FAULTS || canWaitForKernels()) {
        ENDS.forEach(end -> tests.add(DynamicTest.dynamicTest(end.name + " while " + state, () -> end(state, end))));
      }
    }
    return tests.stream();
  }

  private void end(State state, End end) throws IOException, InterruptedException {
    // A shell may have had the signals ignored in all that it starts.
    ChildJvm.Command command = ChildJvm.Command.of(EndingMain.class, folder.resolve(state + end.name))
        .through("env", "--default-signal=INT,TERM").withJvm("-XX:TieredStopAtLevel=1")
        .with(device(), state.name(), end.ending.name());
    try (ChildJvm child = command.start()) {
      child.awaitLine(EndingMain.READY, SILENCE);
      if (end.ending == Ending.SIGNAL) {
        child.signal(end.name);
      }
      ChildJvm.Result result = child.awaitEnd(SILENCE);
      assertThat(result.exitCode()).as("%s", result).isEqualTo(end.exitCode);
      assertThat(result.out()).hasSize(end.ending == Ending.HALT ? 1 : 2);
      assertThat(result.out().getLast()).startsWith(end.ending == Ending.HALT ? EndingMain.READY
          : EndingMain.HOOK + ": Arenas are open on the memory");
      assertThat(result.err()).isEmpty();
    }
    assertNothingIsLeft(command);
  }

  private static void assertNothingIsLeft(ChildJvm.Command command) throws IOException {
    assertThat(names(command.work())).as("reports of crashes").isEmpty();
    // LWJGL keeps its own library there.
    assertThat(names(command.temporary())).filteredOn(name -> !name.startsWith("lwjgl")).isEmpty();
    for (Path shared : List.of(Path.of("/tmp"), Path.of("/dev/shm"))) {
      awaitNoLibraries(shared);
    }
  }

  /** Other processes may have one there for a moment. */
  private static void awaitNoLibraries(Path folder) throws IOException {
    long end = System.nanoTime() + SILENCE.toNanos();
    List<String> left = libraries(folder);
    while (!left.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      left = libraries(folder);
    }
    assertThat(left).as("left in %s", folder).isEmpty();
  }

  private static List<String> libraries(Path folder) throws IOException {
    return names(folder).stream().filter(name -> name.contains("libsamepage")).toList();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }
}
