package io.samepage.opencl;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranges in shared virtual memory beside others, and in memories with settings that are not for them. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SvmBesideOthersTest {
  private static final long BUDGET_BYTES = 64 << 10;
  private static final int STEPS = 1 << 26;

  @Test
  void aHostLeaseWaitsForTheKernelAlsoWhereTheMemoryIsRelaxed() throws Exception {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0").relaxedHost(true).open()) {
      Device device = memory.devices().getFirst();
      UnifiedRange range = memory.allocateSvm(4, device);
      LongKernels.tryUntilSeen(STEPS, "a lease was refused", steps -> {
        Fence fence = device.kernel(TestKernels.SOURCE, "churn").launch(Grid.of(1), inOut(range), value(steps));
        boolean isRefused = LongKernels.isRefused(range, Access.READ);
        fence.await();
        return isRefused;
      });
    }
  }

  @Test
  void aLeaseOnItIsNotInTheWayOfOthersWhoFindNoRoom() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0").deviceBudget("opencl:0", BUDGET_BYTES).open()) {
      Device device = memory.devices().getFirst();
      UnifiedRange source = memory.allocateSvm(32 << 10, device);
      UnifiedRange held = memory.allocate(48 << 10);
      UnifiedRange target = memory.allocate(32 << 10);
      try (DeviceLease lease = device.acquire(source.all(), Access.READ); DeviceLease other = device.acquire(held.all(), Access.READ)) {
        assertThatThrownBy(() -> device.kernel(TestKernels.SOURCE, "copy").launch(Grid.of(4096), in(source.slice(0, 4096)), out(target)))
            .isInstanceOf(OutOfDeviceMemoryException.class);
      }
    }
  }
}
