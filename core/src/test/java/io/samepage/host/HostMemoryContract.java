package io.samepage.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.OutOfHostMemoryException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every host memory does, whatever it stands on. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
abstract class HostMemoryContract {
  private HostMemory memory;
  private int page;

  abstract HostMemory open();

  /** How many extents are many. */
  abstract int many();

  @BeforeEach
  void openMemory() {
    memory = open();
    page = memory.pageSizeBytes();
  }

  @AfterEach
  void closeMemory() {
    memory.close();
  }

  final HostMemory memory() {
    return memory;
  }

  static MemorySegment bytes(HostExtent extent, long sizeBytes) {
    return MemorySegment.ofAddress(extent.address()).reinterpret(sizeBytes);
  }

  private static void assertAll(MemorySegment segment, int value, String what) {
    for (long i = 0; i < segment.byteSize(); i++) {
      if (segment.get(ValueLayout.JAVA_BYTE, i) != value) {
        assertThat(segment.get(ValueLayout.JAVA_BYTE, i)).as("%s at byte %s", what, i).isEqualTo((byte) value);
      }
    }
  }

  @Test
  void pagesAreAPowerOfTwo() {
    assertThat(Integer.bitCount(page)).isEqualTo(1);
    assertThat(page).isGreaterThanOrEqualTo(4096);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4095, 4096, 4097, 100_000, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 10_000_000})
  void anExtentIsZeroStartsOnAPageAndCanBeWrittenToItsEnd(long sizeBytes) {
    HostExtent extent = memory.allocate(sizeBytes);
    assertThat(extent.address() % page).isZero();
    MemorySegment segment = bytes(extent, Math.ceilDiv(sizeBytes, page) * page);
    assertAll(segment, 0, "new");
    segment.fill((byte) 7);
    assertAll(segment, 7, "written");
    extent.free();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 5000, 3 << 20})
  void whatWasFreedIsZeroWhenItIsAllocatedAgain(long sizeBytes) {
    long wholeBytes = Math.ceilDiv(sizeBytes, page) * page;
    for (int round = 0; round < 5; round++) {
      List<HostExtent> extents = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        HostExtent extent = memory.allocate(sizeBytes);
        assertAll(bytes(extent, wholeBytes), 0, "round " + round);
        bytes(extent, wholeBytes).fill((byte) -1);
        extents.add(extent);
      }
      extents.forEach(HostExtent::free);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 600})
  void pagesThatAreDiscardedAreZeroAndTheirNeighboursStay(int pages) {
    HostExtent extent = memory.allocate((pages + 2L) * page);
    MemorySegment bytes = bytes(extent, (pages + 2L) * page);
    for (int round = 1; round < 3; round++) {
      bytes.fill((byte) round);
      extent.discard(page, (long) pages * page);
      assertAll(bytes.asSlice(0, page), round, "the page before");
      assertAll(bytes.asSlice(page, (long) pages * page), 0, "discarded");
      assertAll(bytes.asSlice((pages + 1L) * page, page), round, "the page behind");
    }
    extent.free();
  }

  @Test
  void neighboursAreNotTouchedWhenAnExtentIsFreedAndTakenAgain() {
    List<HostExtent> extents = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      extents.add(memory.allocate(page + 1));
      bytes(extents.getLast(), 2L * page).fill((byte) i);
    }
    for (int i = 1; i < 9; i += 2) {
      extents.get(i).free();
    }
    for (int i = 1; i < 9; i += 2) {
      extents.set(i, memory.allocate(page + 1));
      bytes(extents.get(i), 2L * page).fill((byte) (100 + i));
    }
    for (int i = 0; i < 9; i++) {
      assertAll(bytes(extents.get(i), 2L * page), i % 2 == 0 ? i : 100 + i, "extent " + i);
    }
  }

  @Test
  void extentsNeverShareAPage() {
    Random random = new Random(11);
    TreeMap<Long, Long> ends = new TreeMap<>();
    List<HostExtent> extents = new ArrayList<>();
    for (int step = 0; step < 2000; step++) {
      if (extents.size() > 200 || (!extents.isEmpty() && random.nextInt(3) == 0)) {
        HostExtent freed = extents.remove(random.nextInt(extents.size()));
        ends.remove(freed.address());
        freed.free();
      } else {
        long sizeBytes = 1 + random.nextInt(random.nextInt(20) == 0 ? 3 << 20 : 20_000);
        HostExtent extent = memory.allocate(sizeBytes);
        long end = extent.address() + Math.ceilDiv(sizeBytes, page) * page;
        Map.Entry<Long, Long> before = ends.lowerEntry(end);
        assertThat(before == null || before.getValue() <= extent.address()).as("step=%s overlaps %s", step, before).isTrue();
        ends.put(extent.address(), end);
        extents.add(extent);
      }
    }
  }

  @Test
  void thereMayBeManyExtents() {
    List<HostExtent> extents = new ArrayList<>();
    for (int i = 0; i < many(); i++) {
      extents.add(memory.allocate(1));
      bytes(extents.getLast(), 8).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, i);
    }
    for (int i = 0; i < many(); i++) {
      assertThat(bytes(extents.get(i), 8).get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(i);
    }
    assertThat(extents.stream().mapToLong(HostExtent::address).distinct().count()).isEqualTo(many());
    extents.forEach(HostExtent::free);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 4095, Long.MAX_VALUE - 4096, Long.MAX_VALUE - (2 << 20), 1L << 62, 1L << 48})
  void absurdSizesAreRefusedAndNothingIsLost(long sizeBytes) {
    HostExtent before = memory.allocate(page);
    bytes(before, page).fill((byte) 3);
    assertThatThrownBy(() -> memory.allocate(sizeBytes)).isInstanceOf(OutOfHostMemoryException.class)
        .hasMessageContaining(Long.toString(sizeBytes).substring(0, 4));
    HostExtent after = memory.allocate(page);
    bytes(after, page).fill((byte) 4);
    assertAll(bytes(before, page), 3, "the extent before");
  }

  @Test
  void closingGivesBackWhatWasNotFreed() {
    HostMemory other = open();
    HostExtent freed = other.allocate(10);
    other.allocate(3 << 20);
    freed.free();
    other.close();
  }

  @Test
  void severalThreadsAllocateAndFreeAtOnce() throws InterruptedException {
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte mark = (byte) (i + 1);
      threads.add(Thread.ofPlatform().start(() -> {
        try {
          useAlone(new Random(mark), mark);
        } catch (Throwable e) {
          failures.add(e);
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  private void useAlone(Random random, byte mark) {
    for (int round = 0; round < 200; round++) {
      long sizeBytes = page * (1L + random.nextInt(3));
      HostExtent extent = memory.allocate(sizeBytes);
      assertAll(bytes(extent, sizeBytes), 0, "new");
      bytes(extent, sizeBytes).fill(mark);
      Thread.yield();
      assertAll(bytes(extent, sizeBytes), mark, "my own");
      extent.free();
    }
  }
}
