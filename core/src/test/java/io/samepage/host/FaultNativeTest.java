package io.samepage.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The binding, by touching memory from Java. What the library does in detail is tested in C. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultNativeTest {
  private static final long PAGES = 2048;
  private static final long BYTES = PAGES * FaultLayout.PAGE_BYTES;

  private final Arena arena = Arena.ofShared();
  private FaultNative faults;
  private long context;
  private FaultNative.Reservation reservation;
  private MemorySegment user;
  private MemorySegment device;

  @BeforeEach
  void reserve() {
    try {
      faults = FaultNative.load();
      context = faults.open(FaultConfig.USUAL);
    } catch (UnsupportedOperationException e) {
      Assumptions.abort(e.getMessage());
    }
    reservation = faults.reserve(context, BYTES);
    user = MemorySegment.ofAddress(reservation.user()).reinterpret(BYTES);
    device = arena.allocate(BYTES, 4096);
    MemorySegment window = arena.allocate(FaultLayout.WINDOW);
    window.set(ValueLayout.JAVA_INT, FaultLayout.offset(FaultLayout.WINDOW, "kind"), FaultLayout.FETCH_MEMORY);
    window.set(ValueLayout.JAVA_LONG, FaultLayout.offset(FaultLayout.WINDOW, "memory"), device.address());
    window.set(ValueLayout.JAVA_LONG, FaultLayout.offset(FaultLayout.WINDOW, "sizeBytes"), BYTES);
    faults.setWindows(reservation.handle(), 2, 0, PAGES / FaultLayout.UNIT_PAGES, window.address());
  }

  @AfterEach
  void close() {
    if (reservation != null) {
      assertThat(faults.statistics(context).errors()).as(faults.lastError(context)).isZero();
      assertThat(faults.close(context)).isZero();
    }
    arena.close();
  }

  private void withdraw(long firstPage, long pageCount) {
    MemorySegment slice = arena.allocate(FaultLayout.SLICE);
    slice.set(ValueLayout.JAVA_LONG, 0, firstPage * FaultLayout.PAGE_BYTES);
    slice.set(ValueLayout.JAVA_LONG, 8, (firstPage + pageCount) * FaultLayout.PAGE_BYTES);
    assertThat(faults.withdraw(reservation.handle(), 2, slice, 1)).isZero();
  }

  private int stateOf(long page) {
    MemorySegment words = MemorySegment.ofAddress(reservation.words()).reinterpret(PAGES / 2);
    long word = (long) ValueLayout.JAVA_LONG.varHandle().getAcquire(words, page / 16 * 8) ^ FaultLayout.WORD_UNTOUCHED;
    return (int) (word >>> 4 * (page % 16)) & 15;
  }

  @Test
  void aTouchBringsWhatTheDeviceHas() {
    device.fill((byte) 7);
    withdraw(0, 100);
    assertThat(stateOf(50)).isEqualTo(FaultLayout.DEVICE_0 + 2);
    assertThat(user.get(ValueLayout.JAVA_BYTE, 50 * 4096 + 9)).isEqualTo((byte) 7);
    assertThat(user.get(ValueLayout.JAVA_BYTE, 100 * 4096 + 9)).isZero();
    assertThat(faults.statistics(context).fetchedPages()).isBetween(1L, 16L);
  }

  @Test
  void scansFindWhatJavaWrote() {
    user.fill((byte) 1);
    MemorySegment written = arena.allocate(PAGES / 8);
    assertThat(faults.scan(reservation.handle(), 0, PAGES, written)).isEqualTo(PAGES);
    written.fill((byte) 0);
    user.set(ValueLayout.JAVA_BYTE, 70 * 4096 + 5, (byte) 2);
    assertThat(faults.scan(reservation.handle(), 0, PAGES, written)).isEqualTo(1);
    assertThat(written.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(1L << 6);
  }

  @Test
  void pagesComeHomeForAHostLease() {
    device.fill((byte) 3);
    withdraw(10, 4);
    MemorySegment runs = arena.allocate(FaultLayout.RUN);
    runs.set(ValueLayout.JAVA_LONG, 0, 8);
    runs.set(ValueLayout.JAVA_LONG, 8, 5);
    assertThat(faults.bringHome(reservation.handle(), runs, 1, false)).isZero();
    assertThat(stateOf(12)).isEqualTo(FaultLayout.HOST_UNMAPPED);
    assertThat(stateOf(13)).isEqualTo(FaultLayout.DEVICE_0 + 2);
    MemorySegment manager = MemorySegment.ofAddress(reservation.manager()).reinterpret(BYTES);
    assertThat(manager.get(ValueLayout.JAVA_BYTE, 12 * 4096)).isEqualTo((byte) 3);
    assertThat(faults.mark(reservation.handle(), 13, 1, FaultLayout.HOST_UNMAPPED)).isTrue();
    assertThat(stateOf(13)).isEqualTo(FaultLayout.HOST_UNMAPPED);
  }

  @Test
  void closedPagesShowThePatternAndReopenedOnesZero() {
    user.asSlice(0, 64 * 1024).fill((byte) 1);
    assertThat(faults.closePages(reservation.handle(), 0, 16)).isZero();
    faults.discardPages(reservation.handle(), 0, 16);
    assertThat(user.get(ValueLayout.JAVA_INT, 4096)).isEqualTo(FaultLayout.PATTERN);
    assertThat(faults.openPages(reservation.handle(), 0, 16)).isTrue();
    assertThat(user.get(ValueLayout.JAVA_INT, 4096)).isZero();
    assertThat(faults.pendingReads(reservation.handle(), 0, 16)).isZero();
  }

  @Test
  void unmappedBlocksCostNoScan() {
    user.fill((byte) 1);
    MemorySegment written = arena.allocate(PAGES / 8);
    assertThat(faults.unmap(reservation.handle(), 0, PAGES, written)).isEqualTo(PAGES);
    assertThat(faults.clearFlags(reservation.handle(), 0, BYTES / FaultLayout.BLOCK_BYTES)).isZero();
    assertThat(faults.scan(reservation.handle(), 0, PAGES, written)).isZero();
    assertThat(user.get(ValueLayout.JAVA_BYTE, BYTES - 1)).isEqualTo((byte) 1);
  }

  @Test
  void refusalsNameTheCall() {
    assertThatThrownBy(() -> faults.closePages(reservation.handle(), PAGES, 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call=sp_close_pages, errno=22");
    FaultConfig bad = new FaultConfig(0, 1, FaultConfig.Around.UNIT, 0, 0, 1, 0);
    assertThatThrownBy(() -> faults.open(bad)).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("handlers=0");
  }

  @Test
  void threadsTouchThroughAStormOfCollections() throws Exception {
    device.fill((byte) 9);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 30; round++) {
        withdraw(0, PAGES);
        List<Future<?>> touching = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          touching.add(threads.submit(this::touchSome));
        }
        System.gc();
        for (Future<?> future : touching) {
          future.get();
        }
      }
    }
    assertThat(faults.statistics(context).faults()).isGreaterThan(30);
  }

  private void touchSome() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[][] garbage = new byte[64][];
    for (int i = 0; i < 2000; i++) {
      assertThat(user.get(ValueLayout.JAVA_BYTE, random.nextLong(BYTES))).isEqualTo((byte) 9);
      garbage[i % 64] = new byte[1 << 10];
    }
  }
}
