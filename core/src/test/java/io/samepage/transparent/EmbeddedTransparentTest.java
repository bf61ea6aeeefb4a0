package io.samepage.transparent;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.testkit.TransparentContract;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class EmbeddedTransparentTest extends TransparentContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }

  @Test
  void aLaunchThatWritesTouchedMemoryIsCompleteOnReturn() {
    MemorySegment a = allocate(page());
    KernelSource slow = KernelSource.builder().java("slow", List.of(KernelParameter.inOut("a", 4)), (group, arguments) -> {
      long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      arguments.segment(0).set(INT, 0, 5);
    }).build();
    Fence fence = memory().devices().getFirst().kernel(slow, "slow").launch(Grid.of(1), a);
    assertThat(fence.isDone()).isTrue();
    assertThat(a.get(INT, 0)).isEqualTo(5);
  }
}
