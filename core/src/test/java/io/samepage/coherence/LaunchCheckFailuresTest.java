package io.samepage.coherence;

import static io.samepage.Argument.out;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelFailedException;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.embedded.EmbeddedBackend;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.FailingBackend;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A driver that fails while a launch is checked: outputs hold a pattern by then, so they are poison and never garbage. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class LaunchCheckFailuresTest {
  private static final int ITEMS = 100;

  /** Small sums look like the first pattern here and there, so the kernel is run twice. */
  @ParameterizedTest
  @CsvSource({"UPLOAD, 1", "UPLOAD, 2", "DOWNLOAD, 1", "DOWNLOAD, 2", "FENCE, 1", "FENCE, 2", "FENCE, 3", "FENCE, 4", "LAUNCH, 1",
      "LAUNCH, 2"})
  void theFenceFailsOutputsArePoisonAndInputsStay(Call call, int number) {
    FailingBackend backend = new FailingBackend(new EmbeddedBackend());
    try (UnifiedMemory memory = new CoherentMemoryBuilder().backends(List.of(backend)).devices("embedded:0").checkLaunches(true).open()) {
      Device device = memory.device("embedded:0");
      Kernel add = device.kernel(TestKernels.SOURCE, "add");
      UnifiedRange a = memory.allocate(4 * ITEMS);
      UnifiedRange b = memory.allocate(4 * ITEMS);
      try (HostLease lease = a.host(Access.WRITE)) {
        lease.segment().fill((byte) 0);
      }
      device.acquire(a.all(), Access.READ).close();
      backend.node("embedded:0").failNth(call, number);
      Fence fence = add.launch(Grid.of(ITEMS), a, a, out(b));
      assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class);
      assertThatThrownBy(() -> b.host(Access.READ)).isInstanceOf(PoisonedPageException.class);
      assertThat(memory.statistics().openLeases()).isZero();
      add.launch(Grid.of(ITEMS), a, a, out(b)).await();
      for (UnifiedRange range : List.of(a, b)) {
        try (HostLease lease = range.host(Access.READ)) {
          assertThat(lease.segment().toArray(ValueLayout.JAVA_INT)).containsOnly(0).hasSize(ITEMS);
        }
      }
    }
  }
}
