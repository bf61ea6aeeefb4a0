package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Work of the program's own in a queue of its own, beside Samepage's: leases are left to it, and others go on meanwhile. */
public abstract class OwnWorkContract extends TouchContract {
  private static final long SIZE_BYTES = 4L * UNIT_BYTES;

  /** The program's work waits from now on. */
  protected abstract void hold();

  /** It goes on. */
  protected abstract void letGo();

  /**
   * Has the program's own kernel add a number to all ints of a lease, which is closed when that is done.
   *
   * @return what is complete then
   */
  protected abstract CompletableFuture<Void> incrementAndClose(DeviceLease lease, int by);

  @Test
  void kernelsOfBothTakeTurnsOnARange() {
    UnifiedRange range = memory().allocate(SIZE_BYTES);
    write(range, 0);
    for (int round = 0; round < 10; round++) {
      kernel("increment").launch(Grid.of(SIZE_BYTES / 4), inOut(range), value(1));
      incrementAndClose(device().acquire(range.all(), Access.READ_WRITE), 10);
    }
    assertThat(ints(range)).isEqualTo(sequence(110, SIZE_BYTES));
    assertThat(memory().statistics().bytesToDevice()).isEqualTo(SIZE_BYTES);
    assertThat(memory().statistics().bytesToHost()).isEqualTo(SIZE_BYTES);
  }

  @Test
  void aTouchWhileItIsPendingWaitsForNothingWhateverTheCollectorDoes() throws InterruptedException {
    MemorySegment segment = allocate(SIZE_BYTES);
    fill(segment, 5).await();
    hold();
    DeviceLease lease = device().acquire(memory().slice(segment), Access.READ_WRITE);
    CompletableFuture<Void> closed = incrementAndClose(lease, 7);
    for (long at = 0; at < SIZE_BYTES; at += UNIT_BYTES) {
      long offset = at;
      int[] seen = new int[1];
      Thread toucher = Thread.ofPlatform().daemon().start(() -> seen[0] = segment.get(INT, offset));
      System.gc();
      toucher.join();
      assertThat(seen[0]).as("what the device has now").isEqualTo(5);
    }
    assertThat(closed).isNotDone();
    assertThat(lease.isOpen()).isTrue();
    letGo();
    closed.join();
    assertThat(loads(segment)).containsOnly(12);
    assertThat(memory().hostStatistics().poisonedPages()).isZero();
  }

  @Test
  void otherLaunchesAndRangesGoOnWhileItIsPending() {
    UnifiedRange range = pages(2);
    UnifiedRange other = pages(2);
    write(range, 0);
    write(other, 0);
    hold();
    CompletableFuture<Void> closed = incrementAndClose(device().acquire(range.slice(0, page()), Access.READ_WRITE), 10_000);
    kernel("increment").launch(Grid.of(page() / 2), inOut(other), value(1)).await();
    kernel("increment").launch(Grid.of(page() / 4), inOut(range.slice(page(), page())), value(1)).await();
    assertThat(ints(other)).isEqualTo(sequence(1, 2 * page()));
    assertThat(closed).isNotDone();
    letGo();
    closed.join();
    assertThat(ints(range.slice(0, page()))).isEqualTo(sequence(10_000, page()));
    assertThat(ints(range.slice(page(), page()))).isEqualTo(sequence(1 + (int) page() / 4, page()));
  }
}
