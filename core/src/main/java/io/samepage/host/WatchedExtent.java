package io.samepage.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The host pages of one watched range. Pages are counted from its start. What is called here for pages is called by one thread at a time
 * for each of them, unless it is said to look only.
 */
public final class WatchedExtent implements HostExtent {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final VarHandle WORD = JAVA_LONG.varHandle();
  private static final VarHandle FLAG = JAVA_BYTE.varHandle();
  private static final int PAGES_PER_GROUP = 64;
  private static final int NO_DEVICE = -1;
  /** Written pages are asked for in parts of 256 MiB. */
  private static final long SCAN_PAGES = 65_536;
  // struct sp_slice
  private static final int SLICE_NUMBERS = 3;

  /**
   * What came of a withdrawal.
   *
   * @param poisonedPages pages that stay poisoned
   * @param sentEdges whether bytes around slices were enqueued, in the queue of uploads
   */
  public record Withdrawn(long poisonedPages, boolean sentEdges) {}

  private final WatchedMemory memory;
  private final WatchedReservation reservation;
  private final long firstPage;
  private final long pages;
  private final RangeCounts counts;
  private final CleanBlocks cleanBlocks;
  private final WithdrawnBlocks withdrawnBlocks;

  WatchedExtent(WatchedMemory memory, WatchedReservation reservation, long firstPage, long pages) {
    this.memory = memory;
    this.reservation = reservation;
    this.firstPage = firstPage;
    this.pages = pages;
    counts = new RangeCounts(memory, reservation, firstPage, pages);
    cleanBlocks = new CleanBlocks(firstPage, pages);
    withdrawnBlocks = new WithdrawnBlocks(firstPage, pages);
  }

  WatchedReservation reservation() {
    return reservation;
  }

  long firstPage() {
    return firstPage;
  }

  long pages() {
    return pages;
  }

  /** {@return the address of the first byte in the user view, which programs touch} */
  public long userAddress() {
    return reservation.userView() + firstPage * FaultWords.PAGE_BYTES;
  }

  @Override
  public long address() {
    return reservation.managerView() + firstPage * FaultWords.PAGE_BYTES;
  }

  /**
   * Finds the pages that were written in the user view since they were last scanned, and starts again. Blocks in which nothing is mapped
   * are passed over.
   *
   * @param first the first page
   * @param end behind the last one
   * @param scanned told which pages may have been mapped, so that their states may have changed
   * @param written told which were written
   */
  public void scan(long first, long end, RunVisitor scanned, RunVisitor written) {
    boolean unmapped = false;
    reservation.flagLock().readLock().lock();
    try {
      for (long page = seek(first, end, true); page < end; page = seek(page, end, true)) {
        long stop = Math.min(seek(page, end, false), page + SCAN_PAGES);
        scanned.visit(page, stop);
        unmapped |= scanMapped(page, stop, written);
        page = stop;
      }
    } finally {
      reservation.flagLock().readLock().unlock();
    }
    if (unmapped) {
      clearFlags(first, end);
    }
  }

  private void clearFlags(long first, long end) {
    clearFlags(NO_DEVICE, first, end);
  }

  /**
   * Tells whether a block in which pages lie may be mapped, so that the host may have written them since they were last scanned. Takes no
   * lock, and may say so in vain. Called by any thread at any time.
   *
   * @param first the first page
   * @param end behind the last one
   * @return whether that may be
   */
  public boolean mayBeMapped(long first, long end) {
    long stamp = reservation.flagStamps().tryOptimisticRead();
    return stamp == 0 || seek(first, end, true) < end || !reservation.flagStamps().validate(stamp);
  }

  /** The first page from {@code page} on in a block whose flag is set, or clear; {@code end} if there is none. */
  private long seek(long page, long end, boolean flagged) {
    long at = page;
    while (at < end && isFlagged(at) != flagged) {
      at = ((firstPage + at) / FaultWords.BLOCK_PAGES + 1) * FaultWords.BLOCK_PAGES - firstPage;
    }
    return Math.min(at, end);
  }

  private boolean isFlagged(long page) {
    return (byte) FLAG.getAcquire(ALL, reservation.flagOf((firstPage + page) / FaultWords.BLOCK_PAGES)) != 0;
  }

  /** Answers whether something was unmapped. */
  private boolean scanMapped(long first, long end, RunVisitor written) {
    boolean unmapped = false;
    try (Arena arena = Arena.ofConfined()) {
      for (long page = first; page < end; ) {
        boolean unmaps = cleanBlocks.isToBeUnmapped(page, end);
        long stop = cleanBlocks.endOfSame(page, end);
        MemorySegment bits = arena.allocate(JAVA_LONG, Math.ceilDiv(stop - page, (long) Long.SIZE));
        if (unmaps) {
          memory.checked("sp_unmap", FaultNative.unmap(reservation.handle(), firstPage + page, stop - page, bits));
        } else {
          memory.checked("sp_scan", FaultNative.scan(reservation.handle(), firstPage + page, stop - page, bits));
        }
        cleanBlocks.scanned(page, stop, bits, unmaps);
        visitRuns(bits, page, written);
        unmapped |= unmaps;
        page = stop;
      }
    }
    return unmapped;
  }

  private static void visitRuns(MemorySegment bits, long first, RunVisitor visitor) {
    for (long i = 0; i < bits.byteSize() / Long.BYTES; i++) {
      visitRuns(bits.getAtIndex(JAVA_LONG, i), first + i * Long.SIZE, visitor);
    }
  }

  private static void visitRuns(long mask, long first, RunVisitor visitor) {
    for (long left = mask; left != 0; ) {
      int start = Long.numberOfTrailingZeros(left);
      int length = Long.numberOfTrailingZeros(~(left >>> start));
      visitor.visit(first + start, first + start + length);
      left = start + length == Long.SIZE ? 0 : left & (-1L << (start + length));
    }
  }

  /**
   * Looks at the states of pages, now.
   *
   * @param first the first page
   * @param end behind the last one
   * @param visitor told of them, 64 at a time
   */
  public void look(long first, long end, PageStates visitor) {
    for (long group = first - first % PAGES_PER_GROUP; group < end; group += PAGES_PER_GROUP) {
      long asked = mask(group, first, end);
      long valid = 0;
      long poisoned = 0;
      for (int shift = 0; shift < Long.SIZE; shift += FaultWords.UNIT_PAGES) {
        if ((asked >>> shift & 0xFFFF) != 0) {
          long word = word(group + shift);
          valid |= (long) FaultWords.valid(word) << shift;
          poisoned |= (long) FaultWords.poisoned(word) << shift;
        }
      }
      visitor.group(group, valid & asked, poisoned & asked);
    }
  }

  /**
   * Looks for pages that the host can have from a device alone, or that are being fetched.
   *
   * @param device the device's number
   * @param first the first page
   * @param end behind the last one
   * @param visitor told of runs of them
   */
  public void lookForPagesOf(int device, long first, long end, RunVisitor visitor) {
    forEachUnit(first, end, (page, asked) -> visitRuns(FaultWords.lacking(word(page), device) & asked, page, visitor));
  }

  /**
   * Waits until nothing is being fetched that was begun before the call.
   *
   * @param first the first page
   * @param end behind the last one
   */
  public void awaitFetches(long first, long end) {
    forEachUnit(first, end, (page, asked) -> {
      while ((FaultWords.fetching(word(page)) & asked) != 0) {
        Thread.yield();
      }
    });
  }

  /**
   * Tells whether a withdrawal would change nothing.
   *
   * @param device the device's number
   * @param first the first page
   * @param end behind the last one
   * @return whether the host can have all of them from the device alone
   */
  public boolean isWithdrawn(int device, long first, long end) {
    // What was done before, the event that was published among it, comes before these looks.
    VarHandle.fullFence();
    reservation.flagLock().readLock().lock();
    try {
      long page = first;
      while (page < end) {
        long stop = Math.min(end, withdrawnBlocks.endOfBlock(page));
        if (!(withdrawnBlocks.isWithdrawn(device, page, stop) && !isFlagged(page)) && !areDevices(device, page, stop)) {
          return false;
        }
        page = stop;
      }
      return true;
    } finally {
      reservation.flagLock().readLock().unlock();
    }
  }

  /** Whether the words say so. */
  private boolean areDevices(int device, long first, long end) {
    long uniform = FaultWords.storedUniform(FaultWords.DEV0 + device);
    long page = first;
    while (page < end) {
      long stop = Math.min(end, page - page % FaultWords.UNIT_PAGES + FaultWords.UNIT_PAGES);
      long asked = mask(page - page % FaultWords.UNIT_PAGES, page, stop);
      long stored = (long) WORD.getAcquire(ALL, wordAddress(page));
      if (stored != uniform && (FaultWords.pagesIn(FaultWords.decoded(stored), FaultWords.DEV0 + device) & asked) != asked) {
        return false;
      }
      page = stop;
    }
    return true;
  }

  @FunctionalInterface
  private interface UnitAction {
    void on(long unitPage, long asked);
  }

  private static void forEachUnit(long first, long end, UnitAction action) {
    for (long page = first - first % FaultWords.UNIT_PAGES; page < end; page += FaultWords.UNIT_PAGES) {
      action.on(page, mask(page, first, end) & 0xFFFF);
    }
  }

  private static long mask(long groupPage, long first, long end) {
    long to = Math.min(end - groupPage, Long.SIZE);
    return (to == Long.SIZE ? -1L : (1L << to) - 1) & -1L << Math.max(first - groupPage, 0);
  }

  private long wordAddress(long page) {
    return reservation.wordOf((firstPage + page) / FaultWords.UNIT_PAGES);
  }

  private long word(long page) {
    return FaultWords.decoded((long) WORD.getAcquire(ALL, wordAddress(page)));
  }

  /**
   * Makes the host's frames valid. Waits for devices.
   *
   * @param bounds for each run its first page and the one behind its last
   * @return how many of the pages are poisoned
   */
  public long bringHome(long[] bounds) {
    return bringHome(bounds, false);
  }

  /**
   * Makes the host's frames valid and maps them, so that nobody who touches them waits. Waits for devices.
   *
   * @param bounds for each run its first page and the one behind its last
   * @return how many of the pages are poisoned
   */
  public long mapHome(long[] bounds) {
    return bringHome(bounds, true);
  }

  private long bringHome(long[] bounds, boolean map) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment runs = arena.allocate(JAVA_LONG, bounds.length);
      for (int i = 0; i < bounds.length; i += 2) {
        runs.setAtIndex(JAVA_LONG, i, firstPage + bounds[i]);
        runs.setAtIndex(JAVA_LONG, i + 1, bounds[i + 1] - bounds[i]);
      }
      return memory.checked("sp_bring_home", FaultNative.bringHome(reservation.handle(), runs, bounds.length / 2, map));
    } finally {
      for (int i = 0; i < bounds.length; i += 2) {
        changed(bounds[i], bounds[i + 1]);
      }
    }
  }

  /** States have changed without a flag being set. */
  private void changed(long first, long end) {
    reservation.flagLock().writeLock().lock();
    try {
      withdrawnBlocks.clear(first, end);
    } finally {
      reservation.flagLock().writeLock().unlock();
    }
  }

  /**
   * Withdraws the host's copies in favour of a device, whose kernel is in its queue.
   *
   * @param device the device's number
   * @param bounds for each slice that the kernel writes its first byte and the one behind its last, ascending; at the end of the range
   *     rounded up to a page
   * @return what came of it
   */
  public Withdrawn withdraw(int device, long[] bounds) {
    long base = firstPage * FaultWords.PAGE_BYTES;
    int count = bounds.length / 2;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment slices = arena.allocate(JAVA_LONG, (long) SLICE_NUMBERS * count);
      for (int i = 0; i < count; i++) {
        slices.setAtIndex(JAVA_LONG, (long) SLICE_NUMBERS * i, base + bounds[2 * i]);
        slices.setAtIndex(JAVA_LONG, (long) SLICE_NUMBERS * i + 1, base + bounds[2 * i + 1]);
      }
      long poisoned = memory.checked("sp_withdraw", FaultNative.withdraw(reservation.handle(), device, slices, count));
      boolean sent = false;
      for (int i = 0; i < count; i++) {
        sent |= slices.getAtIndex(JAVA_LONG, (long) SLICE_NUMBERS * i + 2) != 0;
      }
      return new Withdrawn(poisoned, sent);
    }
  }

  /**
   * The frames will be overwritten as a whole through the manager view: devices' copies and poison end.
   *
   * @param first the first page
   * @param end behind the last one
   * @return false, and nothing has changed, if a driver may still write to the frames
   */
  public boolean overwritten(long first, long end) {
    int busy = -16;
    int result = FaultNative.mark(reservation.handle(), firstPage + first, end - first, FaultWords.HOSTU);
    changed(first, end);
    return result != busy && memory.checked("sp_mark", result) >= 0;
  }

  /**
   * A device has lost the only valid copies that it had. What another device has written since then stays.
   *
   * @param device the device's number
   * @param first the first page
   * @param end behind the last one
   */
  public void lost(int device, long first, long end) {
    memory.checked("sp_mark", FaultNative.mark(reservation.handle(), firstPage + first, end - first, FaultWords.DEV0 + device));
    changed(first, end);
  }

  /**
   * Clears the flags of blocks in which nothing is mapped, behind a withdrawal.
   *
   * @param device the number of the device in whose favour pages were withdrawn
   * @param first a page of the first block
   * @param end behind a page of the last one
   */
  public void clearFlags(int device, long first, long end) {
    long block = (firstPage + first) / FaultWords.BLOCK_PAGES;
    long blocks = Math.ceilDiv(firstPage + end, (long) FaultWords.BLOCK_PAGES) - block;
    reservation.flagLock().writeLock().lock();
    try {
      withdrawnBlocks.clear(first, end);
      memory.checked("sp_clear_flags", FaultNative.clearFlags(reservation.handle(), block, blocks));
      for (long page = first; device != NO_DEVICE && page < end; page = withdrawnBlocks.endOfBlock(page)) {
        noteIfWithdrawn(device, page);
      }
    } finally {
      reservation.flagLock().writeLock().unlock();
    }
  }

  private void noteIfWithdrawn(int device, long page) {
    long start = withdrawnBlocks.startOfBlock(page);
    long stop = withdrawnBlocks.endOfBlock(page);
    if (stop - start == FaultWords.BLOCK_PAGES && !isFlagged(page) && areDevices(device, start, stop)) {
      withdrawnBlocks.set(device, page);
    }
  }

  /**
   * Makes a window, which nobody looks into yet.
   *
   * @param first the page that its first byte backs, the first of a unit
   * @param sizeBytes its size
   * @param rangeNumber a number that windows of one range have in common
   * @param handle the address of its memory, or the driver's handle of it
   * @param functions where the functions are that read it, as {@link WatchedMemory#functions} answers; 0 for memory of this process
   * @param isShared whether the device uses these very pages, so that there is nothing to read
   * @return the window
   */
  public FaultWindow window(long first, long sizeBytes, long rangeNumber, long handle, long functions, boolean isShared) {
    return new FaultWindow(memory, (firstPage + first) * FaultWords.PAGE_BYTES, sizeBytes, rangeNumber, handle, functions, isShared);
  }

  /**
   * Says where a device keeps pages, before it has any of them.
   *
   * @param device the device's number
   * @param first the first page, the first of a unit
   * @param end behind the last one
   * @param window the window; null for nowhere
   */
  public void setWindow(int device, long first, long end, FaultWindow window) {
    long unit = (firstPage + first) / FaultWords.UNIT_PAGES;
    long units = Math.ceilDiv(firstPage + end, (long) FaultWords.UNIT_PAGES) - unit;
    memory.checked("sp_set_windows",
        FaultNative.setWindows(reservation.handle(), device, unit, units, window == null ? 0 : window.address()));
  }

  /** {@return what the fault handler has counted for these pages} Not called after {@link #closePages}. */
  public WatchedCounts counts() {
    return counts.now();
  }

  /** Takes the pages from the range: who touches one from now on reads a pattern, and nothing is fetched any more. Called once. */
  public void closePages() {
    memory.checked("sp_close_pages", FaultNative.closePages(reservation.handle(), firstPage, pages));
    counts.close();
  }

  /** Gives the closed pages back, once no device command uses them any more. */
  @Override
  public void free() {
    memory.give(this);
  }

  /** {@return whether a read that took too long and was given up may still write to the frames} */
  public boolean hasPendingReads() {
    return memory.checked("sp_pending_reads", FaultNative.pendingReads(reservation.handle(), firstPage, pages)) > 0;
  }

  /** Called for pages that are the host's, see {@link #overwritten}. Who touches them meanwhile waits. */
  @Override
  public void discard(long offsetBytes, long sizeBytes) {
    zeroPages(offsetBytes / FaultWords.PAGE_BYTES, sizeBytes / FaultWords.PAGE_BYTES, false);
  }

  @Override
  public void zero(long offsetBytes, long sizeBytes) {
    zeroPages(offsetBytes / FaultWords.PAGE_BYTES, sizeBytes / FaultWords.PAGE_BYTES, true);
  }

  private void zeroPages(long first, long count, boolean keepsFrames) {
    memory.checked("sp_zero_pages", FaultNative.zeroPages(reservation.handle(), firstPage + first, count, keepsFrames));
    clearFlags(first, first + count);
  }

  void discard() {
    memory.checked("sp_discard_pages", FaultNative.discardPages(reservation.handle(), firstPage, pages));
  }

  @Override
  public String toString() {
    return "WatchedExtent[userAddress=0x" + Long.toHexString(userAddress()) + ", pages=" + pages + "]";
  }
}
