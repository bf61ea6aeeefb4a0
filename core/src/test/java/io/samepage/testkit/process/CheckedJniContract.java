package io.samepage.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that checks what native code asks of it has nothing to say. */
public abstract class CheckedJniContract {
  @TempDir
  private Path folder;

  /** {@return the name of the device that the process uses} */
  protected abstract String device();

  @Test
  void aCheckingJvmHasNothingToSay() throws Exception {
    ChildJvm.Command command = ChildJvm.Command.of(ScenarioMain.class, folder).withJvm("-Xcheck:jni").with(device());
    ChildJvm.Result result = command.run(Duration.ofMinutes(3));
    assertThat(result.exitCode()).as("%s", result).isZero();
    // It prints what it finds between our lines.
    assertThat(result.out()).containsExactly("TRANSPARENT: the fault handler runs", ScenarioMain.TOUCHED, ScenarioMain.LEASED);
    assertThat(result.err()).isEmpty();
  }
}
