package io.samepage.transparent;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.testkit.MemoryContract;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages whose only valid copy was lost, in memory that is touched. Java kernels alone fail without ending the process. */
class PoisonTest extends MemoryContract {
  private static final int PATTERN = 0xDEADBEEF;
  private static final KernelSource FAILING = KernelSource.builder()
      .java("fail", List.of(KernelParameter.inOut("a", 4)), (group, arguments) -> {
        arguments.segment(0).fill((byte) 3);
        throw new ArithmeticException("seven is not six");
      }).build();

  private UnifiedArena arena;
  private MemorySegment segment;

  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }

  @BeforeEach
  void poisonThreePages() {
    arena = memory().sharedArena();
    segment = arena.allocate(8 * page());
    kernel("fill").launch(Grid.of(segment.byteSize() / 4), out(segment), value(1)).await();
    Fence fence = device().kernel(FAILING, "fail").launch(Grid.of(1), inOut(poisoned()));
    assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class);
  }

  @AfterEach
  void closeArena() {
    arena.close();
  }

  private MemorySegment poisoned() {
    return segment.asSlice(2 * page(), 3 * page());
  }

  private Slice slice() {
    return memory().slice(poisoned());
  }

  @Test
  void whoTouchesThemReadsThePatternAndGoesOn() {
    assertThat(poisoned().toArray(INT)).containsOnly(PATTERN);
    poisoned().set(INT, 0, 5);
    assertThat(poisoned().get(INT, 0)).isEqualTo(5);
    assertThat(segment.asSlice(0, 2 * page()).toArray(INT)).containsOnly(1);
    assertThat(segment.asSlice(5 * page()).toArray(INT)).containsOnly(1);
  }

  @Test
  void everyUseOfThemThrowsBeforeAndAfterATouch() {
    for (int round = 0; round < 2; round++) {
      assertThatThrownBy(() -> slice().host(Access.READ)).isInstanceOfSatisfying(PoisonedPageException.class,
          e -> assertThat(e.offsetBytes()).isEqualTo(2 * page()));
      assertThatThrownBy(() -> device().acquire(slice(), Access.READ)).isInstanceOf(PoisonedPageException.class);
      assertThatThrownBy(() -> kernel("increment").launch(Grid.of(1), inOut(poisoned()), value(1)))
          .isInstanceOf(PoisonedPageException.class);
      assertThatThrownBy(() -> memory().devices().get(1).acquire(slice(), Access.READ)).isInstanceOf(PoisonedPageException.class);
      assertThatThrownBy(() -> kernel("fill").launch(Grid.of(2), out(poisoned().asSlice(8, 8)), value(1)))
          .isInstanceOf(PoisonedPageException.class);
      assertThat(slice().residency().poisonedPages()).isEqualTo(3);
      assertThat(memory().slice(segment).residency().poisonedPages()).isEqualTo(3);
      poisoned().set(INT, page(), 7);
    }
  }

  @Test
  void aHostLeaseThatOverwritesAPageMakesItSound() {
    assertThat(poisoned().get(INT, 0)).isEqualTo(PATTERN);
    try (HostLease lease = slice().host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
    }
    assertThat(poisoned().toArray(INT)).containsOnly(0x01010101);
    kernel("increment").launch(Grid.of(segment.byteSize() / 4), inOut(segment), value(1));
    assertThat(poisoned().toArray(INT)).containsOnly(0x01010102);
    assertThat(slice().residency().poisonedPages()).isZero();
  }

  @Test
  void aKernelThatOverwritesAPageMakesItSound() {
    assertThat(poisoned().get(INT, 0)).isEqualTo(PATTERN);
    kernel("fill").launch(Grid.of(poisoned().byteSize() / 4), out(poisoned()), value(6));
    assertThat(poisoned().toArray(INT)).containsOnly(6);
    MemorySegment other = arena.allocate(4);
    kernel("copy").launch(Grid.of(4), in(poisoned().asSlice(4, 4)), out(other));
    assertThat(other.get(INT, 0)).isEqualTo(6);
  }

  @Test
  void aFailureOnOneDeviceLeavesOtherSegmentsAlone() {
    MemorySegment other = arena.allocate(page());
    memory().devices().get(1).kernel(io.samepage.testkit.TestKernels.SOURCE, "fill").launch(Grid.of(page() / 4), out(other), value(9));
    assertThat(other.toArray(INT)).containsOnly(9);
    kernel("increment").launch(Grid.of(page() / 4), inOut(other), value(1));
    assertThat(other.toArray(INT)).containsOnly(10);
  }
}
