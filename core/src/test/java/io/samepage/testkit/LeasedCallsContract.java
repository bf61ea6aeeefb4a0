package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.HostLease;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** System calls on the segments of host leases, from more threads than a driver has, while other threads touch plain segments. */
public abstract class LeasedCallsContract extends TouchContract {
  private static final int CALLERS = 8;
  private static final int TOUCHERS = 4;
  private static final int ROUNDS = 12;
  private static final int PART_BYTES = UNIT_BYTES + 5000;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @TempDir
  private Path folder;

  private Device deviceOf(int thread) {
    List<Device> devices = memory().devices();
    return devices.get(thread % devices.size());
  }

  @Test
  void filesAreReadAndWrittenUnderLeasesWhileOthersTouch() throws IOException {
    AtomicInteger calling = new AtomicInteger(CALLERS);
    // Callers share pages, too: their parts of one segment are not multiples of a page.
    MemorySegment all = allocate((long) CALLERS * PART_BYTES);
    try (FileChannel file = FileChannel.open(folder.resolve("parts"), StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE)) {
      Crew.run(CALLERS + TOUCHERS, TIMEOUT, thread -> {
        if (thread < CALLERS) {
          try {
            call(file, all.asSlice((long) thread * PART_BYTES, PART_BYTES), thread);
          } finally {
            calling.decrementAndGet();
          }
        } else {
          touchWhile(calling, thread);
        }
      }, () -> "calling=" + calling);
    }
  }

  private void call(FileChannel file, MemorySegment part, int thread) throws IOException {
    long position = (long) thread * PART_BYTES;
    for (int round = 1; round <= ROUNDS; round++) {
      int written = 1000 * thread + round;
      fill(deviceOf(thread), part, written);
      try (HostLease lease = memory().slice(part).host(Access.READ)) {
        writeAll(file, lease.segment().asByteBuffer(), position);
      }
      ByteBuffer heap = ByteBuffer.allocate(PART_BYTES);
      readAll(file, heap, position);
      assertThat(MemorySegment.ofArray(heap.array()).toArray(INT)).containsOnly(written);
      writeAll(file, ByteBuffer.wrap(MemorySegment.ofArray(sequence(written, PART_BYTES)).toArray(ValueLayout.JAVA_BYTE)), position);
      try (HostLease lease = memory().slice(part).host(Access.WRITE)) {
        readAll(file, lease.segment().asByteBuffer(), position);
      }
      deviceOf(thread + 1).kernel(TestKernels.SOURCE, "increment").launch(Grid.of(PART_BYTES / 4), inOut(part), value(1));
      assertThat(loads(part)).isEqualTo(sequence(written + 1, PART_BYTES));
    }
  }

  private static void writeAll(FileChannel file, ByteBuffer buffer, long position) throws IOException {
    while (buffer.hasRemaining()) {
      file.write(buffer, position + buffer.position());
    }
  }

  private static void readAll(FileChannel file, ByteBuffer buffer, long position) throws IOException {
    while (buffer.hasRemaining()) {
      assertThat(file.read(buffer, position + buffer.position())).isPositive();
    }
  }

  /** Has a device write, and touches what it has written. */
  private void touchWhile(AtomicInteger calling, int thread) {
    MemorySegment own = allocate(3L * UNIT_BYTES);
    for (int round = 1; calling.get() > 0; round++) {
      fill(deviceOf(thread), own, round);
      for (long at = own.byteSize() - 4; at >= 0; at -= page() - 4) {
        assertThat(own.get(INT, at)).isEqualTo(round);
      }
    }
  }

  @Test
  void aSharedLeaseServesCallsOfManyThreadsAtOnce() throws IOException {
    int partBytes = 10_000;
    MemorySegment all = allocate((long) CALLERS * partBytes);
    fill(all, 5);
    try (FileChannel file = FileChannel.open(folder.resolve("shared"), StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE)) {
      try (HostLease lease = memory().hostShared(Access.READ_WRITE, List.of(memory().slice(all)), TIMEOUT)) {
        Crew.run(CALLERS, TIMEOUT, thread -> {
          MemorySegment part = lease.segment().asSlice((long) thread * partBytes, partBytes);
          writeAll(file, part.asByteBuffer(), (long) thread * partBytes);
          part.fill((byte) thread);
          readAll(file, part.asSlice(4).asByteBuffer(), (long) thread * partBytes);
        }, () -> "calls on a shared lease");
      }
    }
    increment(all, 1);
    for (int thread = 0; thread < CALLERS; thread++) {
      MemorySegment part = all.asSlice((long) thread * partBytes, partBytes);
      assertThat(part.get(INT, 0)).isEqualTo(thread * 0x01010101 + 1);
      assertThat(part.asSlice(4).toArray(INT)).containsOnly(6);
    }
  }
}
