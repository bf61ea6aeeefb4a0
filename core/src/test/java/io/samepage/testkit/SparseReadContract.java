package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Leases of the host that read a little of many pages, at even distances. */
public abstract class SparseReadContract extends MemoryContract {
  private static final long SEED = Long.getLong("samepage.seed", 42);
  private static final int PAGES = 24;

  private static List<Slice> spread(UnifiedRange range, long offset, long stride, long size, int count) {
    return IntStream.range(0, count).mapToObj(i -> range.slice(offset + i * stride, size)).toList();
  }

  private List<byte[]> read(List<Slice> slices) {
    try (HostLease lease = memory().host(Access.READ, slices)) {
      return lease.segments().stream().map(segment -> segment.toArray(ValueLayout.JAVA_BYTE)).toList();
    }
  }

  @Test
  void bytesAtEvenDistancesComeWithoutTheirPages() {
    UnifiedRange range = pages(PAGES);
    fillOnDevice(range, 0x01020304);
    List<Slice> diagonal = spread(range, 4, page() + 4, 4, 16);
    Moved moved = Moved.during(memory(), () ->
        assertThat(read(diagonal)).allSatisfy(bytes -> assertThat(bytes).containsExactly(4, 3, 2, 1)));
    assertThat(moved.bytesToHost()).isEqualTo(copies() ? 16 * 4 : 0);
    assertThat(range.all().residency().pagesOn(Residency.HOST)).isEqualTo(copies() ? 0 : PAGES);
    assertThat(range.all().residency().pagesOn(device().name())).isEqualTo(PAGES);
    assertThat(ints(range)).isEqualTo(repeated(0x01020304, range.sizeBytes()));
    assertThat(Moved.during(memory(), () -> read(diagonal))).isEqualTo(Moved.NOTHING);
  }

  @Test
  void whatWasReadWithoutItsPageIsReadAnewOnceTheDeviceHasChangedIt() {
    UnifiedRange range = pages(PAGES);
    List<Slice> column = spread(range, 0, page(), 4, PAGES);
    for (int value : new int[] {1, 2, 3}) {
      fillOnDevice(range, value);
      assertThat(read(column)).allSatisfy(bytes -> assertThat(bytes).containsExactly(value, 0, 0, 0));
    }
  }

  @Test
  void aWholePageMayBeReadBesideBytesOfIt() {
    UnifiedRange range = pages(PAGES);
    fillOnDevice(range, 7);
    try (HostLease sparse = memory().host(Access.READ, spread(range, 8, page(), 4, PAGES)); HostLease whole = range.host(Access.READ)) {
      assertThat(whole.segment().toArray(INT)).containsOnly(7);
      assertThat(sparse.segments()).allSatisfy(segment -> assertThat(segment.get(INT, 0)).isEqualTo(7));
    }
  }

  @Test
  void bytesComeFromWhoeverHasThemAlsoAcrossTheBordersOfPages() {
    UnifiedRange range = pages(PAGES);
    byte[] model = new byte[(int) range.sizeBytes()];
    Random random = new Random(SEED);
    for (int step = 0; step < 300; step++) {
      int first = random.nextInt(model.length / 4) * 4;
      int size = Math.min(model.length - first, 4 * (1 + random.nextInt((int) page())));
      change(range.slice(first, size), model, random);
      int count = 16 + random.nextInt(30);
      int bytes = 1 + random.nextInt((int) Math.min(page() / 8, model.length / count / 8));
      int stride = bytes * 8 + random.nextInt((model.length - bytes) / (count - 1) - bytes * 8 + 1);
      int offset = random.nextInt(model.length - (count - 1) * stride - bytes + 1);
      List<byte[]> found = read(spread(range, offset, stride, bytes, count));
      for (int i = 0; i < count; i++) {
        assertThat(found.get(i)).as("seed=%d, step=%d, offset=%d, stride=%d, index=%d", SEED, step, offset, stride, i)
            .isEqualTo(Arrays.copyOfRange(model, offset + i * stride, offset + i * stride + bytes));
      }
    }
  }

  /** Writes a random int over a slice, on the host or on the device. */
  private void change(Slice slice, byte[] model, Random random) {
    int value = random.nextInt();
    MemorySegment changed = MemorySegment.ofArray(model).asSlice(slice.offsetBytes(), slice.sizeBytes());
    for (long i = 0; i < slice.sizeBytes() / 4; i++) {
      changed.setAtIndex(INT, i, value);
    }
    if (random.nextInt(3) > 0) {
      fillOnDevice(slice, value);
    } else {
      try (HostLease lease = slice.host(Access.WRITE)) {
        lease.segment().copyFrom(changed);
      }
    }
  }
}
