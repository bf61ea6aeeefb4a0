package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.KernelFailedException;
import io.samepage.LeaseBrokenException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Touching memory that is under a device lease which a fence will close. */
public abstract class TouchedLeftLeasesContract extends TouchContract {

  @Test
  void touchesWaitForNeitherFenceNorLeaseWhateverTheCollectorDoes() {
    MemorySegment segment = onDevice(1, 8 * UNIT_BYTES);
    DeviceLease lease = device().acquire(memory().slice(segment), Access.READ_WRITE);
    HandFence fence = new HandFence();
    CompletableFuture<Void> closed = lease.closeWhen(fence);
    try (OtherThread other = new OtherThread("toucher")) {
      for (int unit = 0; unit < 8; unit++) {
        long index = (long) unit * UNIT_BYTES / 4;
        Future<Integer> touched = other.start(() -> segment.getAtIndex(INT, index));
        System.gc();
        assertThat(OtherThread.<Integer>result(touched)).isEqualTo(1 + (int) index);
      }
    }
    assertThat(closed).isNotDone();
    fence.pass();
    closed.join();
    assertThat(loads(segment)).isEqualTo(sequence(1, segment.byteSize()));
  }

  @Test
  void aStoreMeanwhileIsTold() {
    MemorySegment segment = onDevice(1, 2 * UNIT_BYTES);
    HandFence fence = new HandFence();
    CompletableFuture<Void> closed = device().acquire(memory().slice(segment), Access.READ_WRITE).closeWhen(fence);
    segment.setAtIndex(INT, 5, -1);
    fence.pass();
    assertThatThrownBy(closed::join).hasCauseInstanceOf(LeaseBrokenException.class);
    assertThat(loads(segment)).isEqualTo(sequence(1, segment.byteSize()));
  }

  @Test
  void whatIsLostReadsAsThePattern() {
    MemorySegment segment = onDevice(1, 3 * UNIT_BYTES);
    MemorySegment middle = segment.asSlice(UNIT_BYTES, UNIT_BYTES);
    assertThat(middle.getAtIndex(INT, 0)).isEqualTo(1 + UNIT_BYTES / 4);
    HandFence fence = new HandFence();
    CompletableFuture<Void> closed = device().acquire(memory().slice(middle), Access.READ_WRITE).closeWhen(fence);
    fence.fail(new KernelFailedException("the program's own kernel failed", null));
    assertThatThrownBy(closed::join).hasCauseInstanceOf(KernelFailedException.class);
    assertThat(middle.toArray(INT)).containsOnly(0xDEADBEEF);
    assertThat(memory().slice(segment).residency().poisonedPages()).isEqualTo((int) (UNIT_BYTES / page()));
    assertThat(segment.getAtIndex(INT, 7)).isEqualTo(8);
    fill(middle, 4).await();
    assertThat(loads(middle)).containsOnly(4);
  }
}
