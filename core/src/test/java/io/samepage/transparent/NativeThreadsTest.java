package io.samepage.transparent;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.testkit.process.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's threads end when nobody expects it: touches go on, or the process ends; nobody hangs. */
class NativeThreadsTest {
  private static final Duration SILENCE = Duration.ofMinutes(2);
  /** What HotSpot ends with after a crash that leaves no core. */
  private static final int CRASHED = 1;

  @TempDir
  private Path folder;

  private ChildJvm.Command command() {
    return ChildJvm.Command.of(NativeThreadsMain.class, folder);
  }

  @Test
  void othersTakeThePlaceOfThreadsThatEnd() throws Exception {
    ChildJvm.Result result = command().with("exit").run(SILENCE);
    assertThat(result.exitCode()).as("%s", result).isZero();
    assertThat(result.out()).containsExactly(NativeThreadsMain.TOUCHED);
    assertThat(result.err()).contains("a thread was ended, and another one is to take its place");
  }

  @Test
  void aThreadThatCrashesEndsTheProcess() throws Exception {
    ChildJvm.Result result = command().with("crash").run(SILENCE);
    assertThat(result.exitCode()).as("%s", result).isEqualTo(CRASHED);
    try (Stream<Path> reports = Files.list(command().work())) {
      assertThat(reports.map(report -> report.getFileName().toString())).hasSize(1).allMatch(name -> name.startsWith("hs_err"));
    }
  }
}
