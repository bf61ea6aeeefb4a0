package io.samepage.opencl;

import static io.samepage.Argument.in;
import static io.samepage.Argument.local;
import static io.samepage.Argument.out;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.BrokenPromiseException;
import io.samepage.Device;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.ArgumentKernels;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Launches as programs make them, under oclgrind: what kernels do wrong is reported, and nothing else is. */
@Tag("oclgrind")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OclgrindLaunchesTest {
  /** Writes one element more than it should, if the grid is one larger than the memory. */
  private static final KernelSource PLANTED = KernelSource.builder().openClC("""
      __kernel void planted(__global const int* a, __global int* b) {
        size_t i = get_global_id(0);
        b[i] = a[0] + 1;
      }
      """).build();

  private final Path log = Path.of(System.getenv("OCLGRIND_LOG"));
  private UnifiedMemory memory;
  private Device device;
  private UnifiedRange a;
  private UnifiedRange b;

  @BeforeEach
  void open() {
    memory = UnifiedMemory.builder().devices("opencl:0").open();
    device = memory.device("opencl:0");
    assertThat(device.info().kind()).isEqualTo(DeviceInfo.Kind.SIMULATOR);
    a = written(memory);
    b = written(memory);
  }

  @AfterEach
  void close() {
    memory.close();
  }

  /** A page, as zeroing is no writing to it. */
  private static UnifiedRange written(UnifiedMemory memory) {
    UnifiedRange range = memory.allocate(4096);
    try (HostLease lease = range.host(Access.WRITE)) {
      lease.segment().fill((byte) 0);
    }
    return range;
  }

  /** It begins anew with each context. */
  private String logged() throws IOException {
    return Files.readString(log);
  }

  private Kernel kernel(String name) {
    return device.kernel(ArgumentKernels.SOURCE, name);
  }

  @Test
  void aWriteBehindTheEndOfTheMemoryIsReported() throws IOException {
    Kernel planted = device.kernel(PLANTED, "planted");
    planted.launch(Grid.of(1024), a, b).await();
    assertThat(logged()).isEmpty();
    planted.launch(Grid.of(1025), a, b).await();
    assertThat(logged()).contains("Invalid write of size 4", "Kernel: planted", "Entity: Global(1024,0,0)");
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 8, 2048 - 4})
  void aWriteBehindTheEndOfASliceThatBeginsAnywhereIsReported(long offsetBytes) throws IOException {
    Kernel planted = device.kernel(PLANTED, "planted");
    planted.launch(Grid.of(100), a, b.slice(offsetBytes, 400)).await();
    assertThat(logged()).isEmpty();
    planted.launch(Grid.of(101), a, b.slice(offsetBytes, 400)).await();
    assertThat(logged()).contains("Invalid write");
  }

  @Test
  void launchesWithEveryKindOfArgumentMakeNoError() throws IOException {
    launchCleanly("scale", Grid.of(1024), a, b, 2f);
    launchCleanly("scale", Grid.of(4), in(a.slice(4, 16)), out(b.slice(12, 16)), 2f);
    launchCleanly("peek", Grid.of(1024), in(a), out(b));
    launchCleanly("letters", Grid.of(1), b, 'x', true);
    launchCleanly("pack", Grid.of(1), b, (byte) 1, (short) 2, 3, 4L, 5f, 6d);
    launchCleanly("weigh", Grid.of(1), b, MemorySegment.ofArray(new float[4]), 1f);
    launchCleanly("apply", Grid.of(1024), a, b, MemorySegment.ofArray(new int[3]));
  }

  /** By itself: copies between buffers make it forget what was written. */
  @Test
  void groupsThatShareLocalMemoryMakeNoError() throws IOException {
    launchCleanly("reverse", Grid.of(1024).local(16), b, local(64));
  }

  private void launchCleanly(String name, Grid grid, Object... arguments) throws IOException {
    kernel(name).launch(grid, arguments).await();
    assertThat(logged()).as(name).isEmpty();
  }

  @Test
  void localMemoryThatIsTooSmallForItsGroupIsReported() throws IOException {
    kernel("reverse").launch(Grid.of(64).local(16), b.slice(0, 256), local(60)).await();
    assertThat(logged()).contains("Invalid write of size 4 at local memory");
  }

  @Test
  void checksOfLaunchesMakeNoErrorOfTheirOwn() throws IOException {
    try (UnifiedMemory checked = UnifiedMemory.builder().devices("opencl:0").checkLaunches(true).open()) {
      UnifiedRange c = written(checked);
      Kernel overwrite = checked.device("opencl:0").kernel(ArgumentKernels.SOURCE, "overwrite");
      overwrite.launch(Grid.of(1024), out(c), 0xFFF5A5A5);
      assertThatThrownBy(() -> overwrite.launch(Grid.of(1023), out(c), 1)).isInstanceOf(BrokenPromiseException.class);
      try (HostLease lease = c.host(Access.READ)) {
        assertThat(lease.segment().get(ValueLayout.JAVA_INT, 4092)).isEqualTo(0xFFF5A5A5);
      }
      assertThat(logged()).isEmpty();
    }
  }
}
