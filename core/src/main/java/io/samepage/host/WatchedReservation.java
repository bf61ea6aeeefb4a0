package io.samepage.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.samepage.OutOfHostMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** Address space with its two views and its part of the fault table. The free list is guarded by the monitor of its memory. */
final class WatchedReservation {
  // struct sp_views
  private static final long VIEWS_BYTES = 32;

  private final long handle;
  private final long userView;
  private final long managerView;
  private final long words;
  private final long flags;
  private final FreeList free;
  /**
   * Flags of blocks are read under the read lock and cleared under the write lock. Who clears one says for a moment that nothing is mapped
   * in the block, and several ranges may share it. Not reentrant.
   */
  private final StampedLock flagStamps = new StampedLock();
  private final ReadWriteLock flagLock = flagStamps.asReadWriteLock();

  private WatchedReservation(long handle, MemorySegment views, long sizeBytes) {
    this.handle = handle;
    userView = views.getAtIndex(JAVA_LONG, 0);
    managerView = views.getAtIndex(JAVA_LONG, 1);
    words = views.getAtIndex(JAVA_LONG, 2);
    flags = views.getAtIndex(JAVA_LONG, 3);
    free = new FreeList(sizeBytes, userView);
  }

  static WatchedReservation of(long context, long sizeBytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(JAVA_LONG);
      MemorySegment views = arena.allocate(VIEWS_BYTES, Long.BYTES);
      int error = FaultNative.reserve(context, sizeBytes, handle, views);
      if (error < 0) {
        throw new OutOfHostMemoryException("The system refused: call=sp_reserve, errno=" + -error + ", sizeBytes=" + sizeBytes);
      }
      return new WatchedReservation(handle.get(JAVA_LONG, 0), views, sizeBytes);
    }
  }

  /** An extent, or null if there is no room. */
  WatchedExtent take(WatchedMemory memory, long sizeBytes, long alignmentBytes) {
    long offset = free.take(sizeBytes, alignmentBytes);
    if (offset < 0) {
      return null;
    }
    long firstPage = offset / FaultWords.PAGE_BYTES;
    int result = FaultNative.openPages(handle, firstPage, sizeBytes / FaultWords.PAGE_BYTES);
    if (result < 0) {
      free.give(offset, sizeBytes);
      memory.checked("sp_open_pages", result);
    }
    return new WatchedExtent(memory, this, firstPage, sizeBytes / FaultWords.PAGE_BYTES);
  }

  void give(WatchedExtent extent) {
    free.give(extent.firstPage() * FaultWords.PAGE_BYTES, extent.pages() * FaultWords.PAGE_BYTES);
  }

  boolean isUnused() {
    return free.isUnused();
  }

  void close() {
    FaultNative.unreserve(handle);
  }

  long handle() {
    return handle;
  }

  long userView() {
    return userView;
  }

  long managerView() {
    return managerView;
  }

  /** The address of a unit's word. */
  long wordOf(long unit) {
    return words + unit * Long.BYTES;
  }

  /** The address of a block's flag. */
  long flagOf(long block) {
    return flags + block;
  }

  ReadWriteLock flagLock() {
    return flagLock;
  }

  /** The lock of the flags, for who only looks and can do without an answer. */
  StampedLock flagStamps() {
    return flagStamps;
  }
}
