package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.testkit.process.ChildJvm;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalHandlersTest {
  private static final int USER_SIGNAL = 10;
  private static final int TERMINATION = 15;

  @TempDir
  Path folder;

  @Test
  void theJvmKeepsItsSignalsWhileADriverCompilesKernels() throws Exception {
    // A null that finds no handler ends a JVM with 139; without the omission HotSpot asks for null by an instruction after some nulls.
    ChildJvm.Result result = ChildJvm.Command.of(SignalsMain.class, folder).withJvm("-XX:-OmitStackTraceInFastThrow",
        "-XX:PerBytecodeTrapLimit=1000000", "-XX:PerMethodTrapLimit=1000000").run(Duration.ofMinutes(5));
    assertThat(result.exitCode()).as("%s", result).isZero();
    assertThat(result.out()).containsExactly("[]", "true");
  }

  @Test
  void whatAnActionDoesToASignalIsUndone() {
    try (Arena arena = Arena.ofConfined()) {
      long before = handler(USER_SIGNAL, arena);
      SignalHandlers.keepThrough(() -> {
        SystemNative.setSignalAction(USER_SIGNAL, SystemNative.signalAction(TERMINATION, arena));
        assertThat(handler(USER_SIGNAL, arena)).isNotEqualTo(before);
      });
      assertThat(handler(USER_SIGNAL, arena)).isEqualTo(before);
    }
  }

  private static long handler(int signal, Arena arena) {
    return SignalHandlers.handler(SystemNative.signalAction(signal, arena));
  }
}
