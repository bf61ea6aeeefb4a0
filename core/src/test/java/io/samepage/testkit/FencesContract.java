package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.WaitInterruptedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Fences of several launches, and futures of fences. Those of failed kernels and held devices have tests of their own. */
public abstract class FencesContract extends MemoryContract {
  private static final int STEPS = 5_000_000;
  private static final int THREADS = 4;
  private static final int LAUNCHES = 50;

  @Test
  void aFenceOfSeveralLaunchesPassesWhenAllHave() {
    List<Fence> fences = IntStream.range(0, 4).mapToObj(i -> churn(pages(1).slice(0, 4))).toList();
    Fence all = Fence.all(fences);
    all.await();
    assertThat(fences).allMatch(Fence::isDone);
    assertThat(all.isDone()).isTrue();
    assertThat(all.await(Duration.ZERO)).isTrue();
    assertThat(all.kernelNanos()).isEqualTo(fences.stream().mapToLong(Fence::kernelNanos).sum());
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void fencesOfSeveralCanBeComposedAgain() {
    Fence first = churn(pages(1).slice(0, 4));
    Fence last = churn(pages(1).slice(0, 4));
    Fence all = Fence.all(Fence.all(first), Fence.all(), Fence.all(List.of(last)));
    assertThat(all.await(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    assertThat(first.isDone()).isTrue();
    assertThat(last.isDone()).isTrue();
    assertThat(all.kernelNanos()).isEqualTo(first.kernelNanos() + last.kernelNanos());
  }

  @Test
  void aFenceOfNothingHasPassed() throws Exception {
    for (Fence nothing : List.of(Fence.all(), Fence.all(List.of()))) {
      assertThat(nothing.isDone()).isTrue();
      nothing.await();
      assertThat(nothing.await(Duration.ZERO)).isTrue();
      assertThat(nothing.kernelNanos()).isZero();
      assertThat(nothing.toFuture().get(1, TimeUnit.MINUTES)).isNull();
    }
  }

  @Test
  void aFenceOfACollectionKeepsTheFencesThatItHadThen() {
    Fence first = churn(pages(1).slice(0, 4));
    List<Fence> fences = new ArrayList<>(List.of(first));
    Fence all = Fence.all(fences);
    fences.clear();
    assertThat(all.kernelNanos()).isEqualTo(first.kernelNanos());
    assertThat(first.isDone()).isTrue();
  }

  @Test
  void fencesAreNotMadeOfNullNorWaitedForInTheNegative() {
    Fence fence = churn(pages(1).slice(0, 4));
    assertThatNullPointerException().isThrownBy(() -> Fence.all((Fence[]) null));
    assertThatNullPointerException().isThrownBy(() -> Fence.all((Collection<Fence>) null));
    assertThatNullPointerException().isThrownBy(() -> Fence.all(fence, null));
    assertThatNullPointerException().isThrownBy(() -> Fence.all(Arrays.asList(null, fence)));
    for (Fence each : List.of(fence, Fence.all(fence), Fence.all())) {
      assertThatNullPointerException().isThrownBy(() -> each.await(null));
      assertThatIllegalArgumentException().isThrownBy(() -> each.await(Duration.ofNanos(-1))).withMessageContaining("timeout=PT-");
    }
  }

  @Test
  void anInterruptEndsTheWaitForSeveralAndIsKept() {
    Fence all = Fence.all(churn(pages(1).slice(0, 4)), churn(pages(1).slice(0, 4)));
    Thread.currentThread().interrupt();
    try {
      all.await();
      assertThat(all.isDone()).isTrue();
    } catch (WaitInterruptedException e) {
      assertThat(e).hasMessageContaining("churn");
    }
    assertThat(Thread.interrupted()).isTrue();
    all.await();
  }

  @Test
  void aFutureIsCompletedWithItsLaunchAndTheResultIsThere() throws Exception {
    UnifiedRange range = pages(1);
    Fence fence = kernel("fill").launch(Grid.of(page() / 4), out(range), value(7));
    int sum = fence.toFuture().thenApplyAsync(nothing -> Arrays.stream(ints(range)).sum()).get(1, TimeUnit.MINUTES);
    assertThat(sum).isEqualTo(7 * (int) page() / 4);
    assertThat(fence.isDone()).isTrue();
  }

  @Test
  void aFutureOfSeveralIsCompletedWhenAllAre() throws Exception {
    Fence first = churn(pages(1).slice(0, 4));
    Fence last = churn(pages(1).slice(0, 4));
    assertThat(Fence.all(last, first).toFuture().thenApply(nothing -> first.isDone() && last.isDone()).get(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void aFutureOfALaunchThatIsOverIsComplete() {
    Fence fence = churn(pages(1).slice(0, 4));
    fence.await();
    assertThat(fence.toFuture()).isCompletedWithValue(null);
    assertThat(Fence.all(fence, fence).toFuture()).isCompletedWithValue(null);
  }

  @Test
  void cancellingAFutureEndsThatOneAlone() throws Exception {
    UnifiedRange range = pages(1);
    Fence fence = churn(range.slice(0, 4));
    CompletableFuture<Void> cancelled = fence.toFuture();
    CompletableFuture<Void> completed = fence.toFuture();
    CompletableFuture<Void> kept = fence.toFuture();
    boolean isInTime = cancelled.cancel(true);
    completed.completeExceptionally(new CancellationException("by its owner"));
    kept.get(1, TimeUnit.MINUTES);
    assertThat(cancelled.isCancelled()).isEqualTo(isInTime);
    fence.await();
    assertThat(ints(range.slice(0, 4))).containsExactly(churned(0));
  }

  @Test
  void closingTheMemoryCompletesItsFutures() throws Exception {
    List<CompletableFuture<Void>> futures = new ArrayList<>();
    Fence all;
    try (UnifiedMemory memory = builder().open()) {
      List<Fence> fences = IntStream.range(0, 8).mapToObj(i -> memory.devices().getFirst().kernel(TestKernels.SOURCE, "churn")
          .launch(Grid.of(1), inOut(memory.allocate(4)), value(STEPS))).toList();
      fences.forEach(fence -> futures.add(fence.toFuture()));
      all = Fence.all(fences);
      futures.add(all.toFuture());
    }
    for (CompletableFuture<Void> future : futures) {
      future.get(1, TimeUnit.MINUTES);
    }
    assertThat(all.toFuture()).isCompletedWithValue(null);
  }

  @Test
  void theMemoryCanBeClosedByWhatIsChainedToAFuture() throws Exception {
    UnifiedMemory memory = builder().open();
    Fence fence = memory.devices().getFirst().kernel(TestKernels.SOURCE, "churn")
        .launch(Grid.of(1), inOut(memory.allocate(4)), value(STEPS));
    fence.toFuture().thenRun(memory::close).get(1, TimeUnit.MINUTES);
    assertThat(fence.toFuture()).isCompletedWithValue(null);
  }

  @Test
  void severalThreadsAskForManyFutures() {
    AtomicInteger completed = new AtomicInteger();
    Crew.run(THREADS, Duration.ofMinutes(2), thread -> {
      UnifiedRange range = memory().allocate(4);
      List<CompletableFuture<Void>> futures = new ArrayList<>();
      for (int i = 0; i < LAUNCHES; i++) {
        Fence fence = kernel("increment").launch(Grid.of(1), inOut(range), value(1));
        futures.add(fence.toFuture().thenRun(completed::incrementAndGet));
      }
      CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new)).get(1, TimeUnit.MINUTES);
      assertThat(ints(range)).containsExactly(LAUNCHES);
    }, () -> "completed=" + completed);
    assertThat(completed).hasValue(THREADS * LAUNCHES);
  }

  private Fence churn(Slice one) {
    return kernel("churn").launch(Grid.of(1), inOut(one), value(STEPS));
  }

  private static int churned(int value) {
    int x = value;
    for (int i = 0; i < STEPS; i++) {
      x = x * 1664525 + 1013904223;
    }
    return x;
  }
}
