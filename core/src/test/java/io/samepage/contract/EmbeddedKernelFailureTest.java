package io.samepage.contract;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelFailedException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.PoisonedPageException;
import io.samepage.Residency;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.Logged;
import io.samepage.testkit.MemoryContract;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Kernels that fail, which only Java kernels do without ending the process: what they were to write is poison, and nothing hangs. */
class EmbeddedKernelFailureTest extends MemoryContract {
  private static final KernelSource FAILING = KernelSource.builder()
      .java("fail", List.of(KernelParameter.in("a", 4), KernelParameter.inOut("b", 4)), (group, arguments) -> {
        throw new ArithmeticException("seven is not six");
      }).build();

  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }

  @Test
  void theFenceTellsWhatTheKernelThrewAsOftenAsItIsAsked() {
    Fence fence = failing().launch(Grid.of(1), in(pages(1)), inOut(pages(1)));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class).hasMessageContaining("fail")
          .hasStackTraceContaining("seven is not six");
    }
    assertThat(fence.isDone()).isTrue();
    assertThatThrownBy(fence::kernelNanos).isInstanceOf(KernelFailedException.class);
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void whatItWasToWriteIsPoisonForEverybodyAndNothingElseIs() {
    UnifiedRange read = pages(1);
    UnifiedRange written = pages(3);
    write(read, 1);
    write(written, 1);
    fail(read, written);
    Residency residency = written.all().residency();
    assertThat(residency.poisonedPages()).isEqualTo(1);
    assertThat(residency.nodes(1)).isEmpty();
    for (ThrowingCallable use : List.<ThrowingCallable>of(() -> written.host(Access.READ), () -> written.host(Access.READ_WRITE),
        () -> written.slice(page() + 4, 4).host(Access.WRITE), () -> device().acquire(written.all(), Access.READ),
        () -> memory().devices().get(1).acquire(written.slice(page(), 4), Access.READ), () -> fail(written, read))) {
      assertThatThrownBy(use).isInstanceOfSatisfying(PoisonedPageException.class, e -> {
        assertThat(e.range()).isSameAs(written);
        assertThat(e.offsetBytes()).isEqualTo(page());
      });
    }
    assertThat(ints(read)).isEqualTo(sequence(1, page()));
    assertThat(ints(written.slice(0, page()))).isEqualTo(sequence(1, page()));
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void theLogTellsOfAFailureThatNobodyWaitsFor() {
    UnifiedRange written = pages(1);
    String log = Logged.during(() -> {
      failing().launch(Grid.of(1), in(pages(1)), inOut(written));
      fillOnDevice(written, 6);
      assertThat(ints(written)).containsOnly(6);
    });
    assertThat(log.lines()).filteredOn(line -> line.contains("launch has failed")).singleElement().asString()
        .contains("kernel=fail", "device=embedded:0", "seven is not six");
  }

  @Test
  void poisonedPagesAreNotPrefetchedOrCopiedAndFillsAndCopiesHealThem() {
    UnifiedRange read = pages(1);
    UnifiedRange written = pages(3);
    UnifiedRange other = pages(3);
    write(other, 1);
    fail(read, written);
    for (ThrowingCallable use : List.<ThrowingCallable>of(() -> written.all().prefetchTo(device()), () -> written.all().prefetchToHost(),
        () -> written.all().copyTo(other.all()), () -> written.slice(0, page() + 4).fill((byte) 1),
        () -> other.slice(0, page() + 4).copyTo(written.slice(0, page() + 4)))) {
      assertThatThrownBy(use).isInstanceOf(PoisonedPageException.class);
    }
    assertThat(ints(other)).isEqualTo(sequence(1, 3 * page()));
    assertThat(memory().statistics().openLeases()).isZero();
    written.all().fill((byte) 1);
    assertThat(ints(written)).containsOnly(0x01010101);
    fail(read, written);
    other.all().copyTo(written.all());
    assertThat(ints(written)).isEqualTo(sequence(1, 3 * page()));
  }

  @Test
  void overwritingTheWholePageMakesItUsableAgain() {
    UnifiedRange read = pages(1);
    UnifiedRange written = pages(3);
    fail(read, written);
    write(written.slice(page(), page()), 5);
    assertThat(ints(written.slice(page(), page()))).isEqualTo(sequence(5, page()));
    fail(read, written);
    fillOnDevice(written, 6);
    assertThat(ints(written)).containsOnly(6);
    assertThat(written.all().residency().poisonedPages()).isZero();
  }

  @Test
  void discardingThePageMakesItUsableAgain() {
    UnifiedRange written = pages(3);
    write(written, 1);
    fail(pages(1), written);
    written.slice(page() - 1, 2 * page() + 1).discard();
    assertThat(ints(written)).startsWith(sequence(1, page())).endsWith(repeated(0, 2 * page()));
    assertThat(written.all().residency().poisonedPages()).isZero();
  }

  @Test
  void aLaunchBehindAFailedOneEitherSeesThePoisonOrFailsItself() {
    UnifiedRange read = pages(1);
    UnifiedRange written = pages(3);
    UnifiedRange copy = pages(1);
    Fence failed = failing().launch(Grid.of(1), in(read), inOut(written.slice(page(), page())));
    assertThatThrownBy(() -> kernel("copy").launch(Grid.of(page()), in(written.slice(page(), page())), out(copy)).await())
        .isInstanceOfAny(PoisonedPageException.class, KernelFailedException.class);
    assertThatThrownBy(failed::await).isInstanceOf(KernelFailedException.class);
  }

  @Test
  void aRangeWithPoisonIsFreedAndSoIsItsMemory() {
    UnifiedRange written = pages(3);
    fail(pages(1), written);
    written.close();
    try (UnifiedMemory memory = builder().open()) {
      UnifiedRange range = memory.allocate(page());
      Kernel failing = memory.devices().getFirst().kernel(FAILING, "fail");
      failing.launch(Grid.of(1), in(memory.allocate(4)), inOut(range.slice(0, 4)));
    }
  }

  @Test
  void theFenceOfAClosedMemoryStillTellsThatTheKernelFailed() {
    Fence fence;
    try (UnifiedMemory memory = builder().open()) {
      fence = memory.devices().getFirst().kernel(FAILING, "fail").launch(Grid.of(1), memory.allocate(4), memory.allocate(4));
    }
    assertThat(fence.isDone()).isTrue();
    assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class).hasStackTraceContaining("seven is not six");
  }

  @Test
  void aFutureTellsWhatTheKernelThrewAsItsFenceDoes() {
    CompletableFuture<Void> future = failing().launch(Grid.of(1), in(pages(1)), inOut(pages(1))).toFuture();
    assertThatThrownBy(() -> future.get(1, TimeUnit.MINUTES)).isInstanceOf(ExecutionException.class).cause()
        .isInstanceOf(KernelFailedException.class).hasMessageContaining("fail").hasStackTraceContaining("seven is not six");
    assertThat(future.handle((nothing, e) -> e).join()).isInstanceOf(KernelFailedException.class);
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void aFenceOfSeveralThrowsTheFirstFailureWithTheOthersSuppressed() {
    UnifiedRange filled = pages(1);
    Fence first = failing().launch(Grid.of(1), in(pages(1)), inOut(pages(1)));
    Fence second = kernel("fill").launch(Grid.of(1), out(filled), 8);
    Fence third = memory().devices().get(1).kernel(FAILING, "fail").launch(Grid.of(1), in(pages(1)), inOut(pages(1)));
    Fence all = Fence.all(second, third, first);
    for (ThrowingCallable wait : List.<ThrowingCallable>of(all::await, () -> all.await(Duration.ofMinutes(1)), all::kernelNanos,
        () -> Fence.all(all).await())) {
      assertThatThrownBy(wait).isInstanceOfSatisfying(KernelFailedException.class, EmbeddedKernelFailureTest::isThirdThenFirst);
    }
    assertThat(all.isDone()).isTrue();
    Throwable failure = all.toFuture().handle((nothing, e) -> e).join();
    assertThat(failure).isInstanceOfSatisfying(KernelFailedException.class, EmbeddedKernelFailureTest::isThirdThenFirst);
    assertThat(ints(filled.slice(0, 4))).containsExactly(8);
  }

  private static void isThirdThenFirst(KernelFailedException failure) {
    assertThat(failure).hasMessageContaining("embedded:1");
    assertThat(failure.getSuppressed()).singleElement().isInstanceOfSatisfying(KernelFailedException.class,
        suppressed -> assertThat(suppressed).hasMessageContaining("embedded:0"));
  }

  @Test
  void closingTheMemoryFailsTheFuturesOfFailedKernels() {
    CompletableFuture<Void> future;
    try (UnifiedMemory memory = builder().open()) {
      future = memory.devices().getFirst().kernel(FAILING, "fail").launch(Grid.of(1), memory.allocate(4), memory.allocate(4)).toFuture();
    }
    assertThatThrownBy(() -> future.get(1, TimeUnit.MINUTES)).cause().isInstanceOf(KernelFailedException.class);
  }

  @Test
  void aCheckedLaunchOfAFailingKernelTellsItByItsFence() {
    try (UnifiedMemory memory = builder().checkLaunches(true).open()) {
      UnifiedRange written = memory.allocate(page());
      Fence fence = memory.devices().getFirst().kernel(FAILING, "fail").launch(Grid.of(1), memory.allocate(4), written);
      assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class).hasStackTraceContaining("seven is not six");
      assertThatThrownBy(() -> written.host(Access.READ)).isInstanceOf(PoisonedPageException.class);
    }
  }

  private Kernel failing() {
    return device().kernel(FAILING, "fail");
  }

  /** A kernel that reads one range and fails to write the second page of another. */
  private void fail(UnifiedRange read, UnifiedRange written) {
    Fence fence = failing().launch(Grid.of(1), in(read.all()), inOut(written.slice(written.sizeBytes() > page() ? page() : 0, page())));
    assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class);
  }
}
