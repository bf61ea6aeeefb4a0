package io.samepage.coherence;

import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.embedded.EmbeddedBackend;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.FailingBackend;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Who waits for a launch, and for which one. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class RetirementTest {
  private final FailingBackend backend = new FailingBackend(new EmbeddedBackend());
  private final UnifiedMemory memory = new CoherentMemoryBuilder().backends(List.of(backend)).devices("embedded:0").open();

  @Test
  void whoWaitsForALaunchNeedNotWaitForALaterOneThatSomebodyElseWaitsFor() throws Exception {
    UnifiedRange early = memory.allocate(4);
    UnifiedRange late = memory.allocate(4);
    CountDownLatch earlyEnd = launchHeld(early, 1);
    CountDownLatch lateEnd = launchHeld(late, 2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> closing = threads.submit(late::close);
      Future<Integer> reading = threads.submit(() -> read(early));
      earlyEnd.countDown();
      assertThat(reading.get()).isEqualTo(1);
      assertThat(closing).isNotDone();
      lateEnd.countDown();
      closing.get();
    }
    memory.close();
  }

  @Test
  void whoNeedsMemoryThatTheDriverHasNotGotWaitsForTheLaunchThatUsesIt() throws Exception {
    UnifiedRange used = memory.allocate(4);
    UnifiedRange wanted = memory.allocate(4);
    CountDownLatch end = launchHeld(used, 1);
    backend.node("embedded:0").failNth(Call.ALLOCATE, 1);
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<?> acquiring = threads.submit(() -> memory.devices().getFirst().acquire(wanted.all(), Access.READ).close());
      end.countDown();
      acquiring.get();
    }
    assertThat(read(used)).isEqualTo(1);
    memory.close();
  }

  /** A launch that ends when the latch is open. */
  private CountDownLatch launchHeld(UnifiedRange range, int number) {
    CountDownLatch end = backend.node("embedded:0").holdFences(Call.LAUNCH);
    memory.devices().getFirst().kernel(TestKernels.SOURCE, "fill").launch(Grid.of(1), out(range), value(number));
    return end;
  }

  private static int read(UnifiedRange range) {
    try (HostLease lease = range.host(Access.READ)) {
      return lease.segment().get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    }
  }
}
