package io.samepage.contract;

import static io.samepage.SplitArgument.firstItem;
import static io.samepage.SplitArgument.sliced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.KernelFailedException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedRange;
import io.samepage.testkit.MemoryContract;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Parts of a split launch that fail, or that are held up, which only Java kernels can be made to. */
class EmbeddedSplitFailureTest extends MemoryContract {
  private static volatile CountDownLatch bothRun = new CountDownLatch(0);

  private static final KernelSource SOURCE = KernelSource.builder()
      .java("failBehind", List.of(KernelParameter.inOut("a", 4), KernelParameter.value("first", int.class)), (group, arguments) -> {
        if (arguments.intValue(1) > 0) {
          throw new ArithmeticException("seven is not six");
        }
        arguments.segment(0).set(INT, 0, 8);
      })
      .java("meet", List.of(KernelParameter.inOut("a", 4)), (group, arguments) -> meet())
      .build();

  private static void meet() {
    bothRun.countDown();
    try {
      if (!bothRun.await(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("The others don't run");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }

  @Test
  void theFenceNamesTheDeviceOfThePartThatFailed() {
    UnifiedRange range = pages(4);
    write(range, 1);
    Fence fence = memory().splitKernel(SOURCE, "failBehind").launch(Grid.of(page()), sliced(range, 4), firstItem());
    assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class).hasMessageContaining("device=embedded:1")
        .hasStackTraceContaining("seven is not six");
    assertThat(fence.isDone()).isTrue();
    assertThatThrownBy(() -> fence.toFuture().join()).hasStackTraceContaining("embedded:1");
    assertThat(ints(range.slice(0, 8))).containsExactly(8, 2);
    assertThatThrownBy(() -> range.slice(2 * page(), 4).host(Access.READ)).isInstanceOf(PoisonedPageException.class);
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void allPartsRunAtOneTimeAlsoWhereTheCallWaitsForThem() {
    bothRun = new CountDownLatch(2);
    try (UnifiedArena arena = memory().sharedArena()) {
      MemorySegment segment = arena.allocate(4 * 64 * 1024);
      memory().splitKernel(SOURCE, "meet").launch(Grid.of(64 * 1024).local(32 * 1024), sliced(segment, 4)).await();
    }
    assertThat(bothRun.getCount()).isZero();
  }

  @Test
  void theFenceHasNotPassedBeforeTheLastPartHas() throws Exception {
    bothRun = new CountDownLatch(3);
    UnifiedRange range = pages(4);
    Fence fence = memory().splitKernel(SOURCE, "meet").launch(Grid.of(page()).local(page() / 2), sliced(range, 4));
    assertThat(fence.isDone()).isFalse();
    assertThat(fence.await(Duration.ofMillis(1))).isFalse();
    assertThat(fence.toFuture()).isNotDone();
    bothRun.countDown();
    assertThat(fence.await(Duration.ofMinutes(2))).isTrue();
    fence.toFuture().get();
  }
}
