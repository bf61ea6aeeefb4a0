package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.DeviceException;
import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs that are compiled, and loaded as they were compiled before. */
class ProgramBinariesTest {
  private static final String TEXT = "typedef struct { int a; long b; } pair;"
      + " __kernel void scale(__global const float* a, __global float* b, float f, pair p) { b[get_global_id(0)] = f * a[p.a]; }"
      + " __kernel void nothing() { }";

  private final ProgramBinaries binaries = new ProgramBinaries(1 << 20);
  private FoundDevice device;
  private OpenClContext context;

  @BeforeEach
  void open() {
    device = Devices.found();
    context = OpenClContext.create(device.platform(), List.of(device));
  }

  @AfterEach
  void close() {
    context.release();
  }

  private static ProgramBinaries.Key key(long device, String text) {
    return new ProgramBinaries.Key(device, "", text);
  }

  private ProgramBinaries.Key key() {
    return new ProgramBinaries.Key(device.id(), OpenClProgram.options(device), TEXT);
  }

  /** What a program tells of its kernel; and that it has the other one. */
  private List<KernelParameter> parameters() {
    OpenClProgram program = new OpenClProgram(device, context, TEXT, binaries);
    try {
      assertThat(program.kernel("nothing").parameters()).isEmpty();
      assertThatThrownBy(() -> program.kernel("none")).isInstanceOf(KernelBuildException.class).hasMessageContaining("nothing, scale");
      return program.kernel("scale").parameters();
    } finally {
      program.release();
    }
  }

  @Test
  void aProgramThatIsLoadedTellsOfItsKernelsWhatItToldWhenItWasCompiled() {
    List<KernelParameter> compiled = parameters();
    assertThat(binaries.find(key())).as("what is compiled once is not kept").isEmpty();
    parameters();
    assertThat(binaries.find(key())).isPresent();
    assertThat(parameters()).isEqualTo(compiled).hasSize(4);
  }

  @Test
  void whatTheDriverDoesNotTakeIsCompiledAndNotTriedAgain() {
    binaries.compiled(key(), () -> new byte[0]);
    binaries.compiled(key(), () -> new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThat(parameters()).hasSize(4);
    assertThat(binaries.find(key())).isEmpty();
    parameters();
    parameters();
    assertThat(binaries.find(key())).as("binaries of this device are not asked for any more").isEmpty();
  }

  @Test
  void aDriverThatGivesNoBinariesIsAskedOnce() {
    AtomicInteger asked = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      binaries.compiled(key(1, "a"), () -> {
        asked.incrementAndGet();
        throw new DeviceException("no binaries");
      });
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatWasNotUsedForLongestGoesWhenThereAreTooManyBytes() {
    for (String text : List.of("a", "b", "a", "b")) {
      binaries.compiled(key(1, text), () -> new byte[400_000]);
    }
    assertThat(binaries.find(key(1, "a"))).isPresent();
    binaries.compiled(key(2, "c"), () -> new byte[0]);
    binaries.compiled(key(2, "c"), () -> new byte[400_000]);
    assertThat(binaries.find(key(1, "b"))).isEmpty();
    assertThat(binaries.find(key(1, "a"))).isPresent();
    assertThat(binaries.find(key(2, "c"))).isPresent();
    binaries.refuse(1);
    assertThat(binaries.find(key(1, "a"))).isEmpty();
    assertThat(binaries.find(key(2, "c"))).isPresent();
  }

  @Test
  void programsThatIncludeFilesAreCompiledEachTime() {
    for (int i = 0; i < 3; i++) {
      binaries.compiled(key(1, "#include \"a.h\""), () -> new byte[10]);
    }
    assertThat(binaries.find(key(1, "#include \"a.h\""))).isEmpty();
  }

  @Test
  void whatIsLargerThanAllThatIsKeptIsNotKept() {
    binaries.compiled(key(1, "a"), () -> new byte[0]);
    binaries.compiled(key(1, "a"), () -> new byte[2 << 20]);
    assertThat(binaries.find(key(1, "a"))).isEmpty();
  }
}
