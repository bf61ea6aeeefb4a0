package io.samepage.opencl;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks for it reads beside kernels that run in the host's own pages; nobody else does, and nobody writes there. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RelaxedOpenClTest {
  private static final int STEPS = 1 << 26;

  private static UnifiedMemory open(boolean isRelaxed) {
    return UnifiedMemory.builder().devices("opencl:0").memoryKind(MemoryKind.COHERENT).relaxedHost(isRelaxed).open();
  }

  private static Fence churn(Device device, UnifiedRange range, int steps) {
    return device.kernel(TestKernels.SOURCE, "churn").launch(Grid.of(1), inOut(range), value(steps));
  }

  @Test
  void aRelaxedHostReadsBesideAKernelAndWritesBehindIt() throws Exception {
    try (UnifiedMemory memory = open(true)) {
      UnifiedRange range = memory.allocate(4);
      int[] all = {0};
      LongKernels.tryUntilSeen(STEPS, "a lease was open, and one that writes refused,", steps -> {
        Fence fence = churn(memory.devices().getFirst(), range, steps);
        assertThat(LongKernels.isRefused(range, Access.READ)).isFalse();
        boolean isRefused = LongKernels.isRefused(range, Access.READ_WRITE);
        boolean isSeen = isRefused && !fence.isDone();
        fence.await();
        all[0] = TestKernels.churned(all[0], steps);
        try (HostLease lease = range.host(Access.READ)) {
          assertThat(lease.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(all[0]);
        }
        return isSeen;
      });
    }
  }

  @Test
  void aHostThatIsNotRelaxedReadsBehindTheKernel() throws Exception {
    try (UnifiedMemory memory = open(false)) {
      UnifiedRange range = memory.allocate(4);
      LongKernels.tryUntilSeen(STEPS, "a lease was refused", steps -> {
        Fence fence = churn(memory.devices().getFirst(), range, steps);
        boolean isRefused = LongKernels.isRefused(range, Access.READ);
        fence.await();
        return isRefused;
      });
    }
  }
}
