package io.samepage;

import java.util.Set;

/**
 * One allocation of unified memory: a run of bytes that starts on a page of its own and can be used by the host and by every
 * device of its {@link UnifiedMemory}, through leases and as kernel arguments. A new range is zero; host and device memory are
 * taken when pages are first used, never at allocation.
 *
 * <p>Ranges may be used by any number of threads.
 */
public interface UnifiedRange extends AutoCloseable {
  /** {@return the memory that this range belongs to} */
  UnifiedMemory memory();

  /** {@return a short name, unique in its memory, as it appears in messages: {@code range-7}} */
  String name();

  /** {@return the size that was asked for, in bytes} */
  long sizeBytes();

  /** {@return whether the range has not been closed} */
  boolean isOpen();

  /**
   * A part of the range.
   *
   * @param offsetBytes where it begins
   * @param sizeBytes its length, at least 1
   * @return the slice
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1
   * @throws IndexOutOfBoundsException if it reaches outside the range
   * @throws IllegalStateException if the range is closed
   */
  Slice slice(long offsetBytes, long sizeBytes);

  /**
   * {@return the whole range as a slice}
   *
   * @throws IllegalStateException if the range is closed
   */
  Slice all();

  /**
   * Opens a host lease on the whole range, confined to the calling thread.
   *
   * @param access what the host will do
   * @return the lease, to be closed
   * @see UnifiedMemory#host(Access, java.util.List)
   */
  default HostLease host(Access access) {
    return all().host(access);
  }

  /**
   * A snapshot of which nodes hold the pages that a slice of this range touches. While leases are being opened or launches are
   * in flight it may be outdated when it is returned.
   *
   * @param slice a slice of this range
   * @return the snapshot
   * @throws IllegalArgumentException if the slice belongs to another range or touches more than 2³¹−1 pages
   * @throws IllegalStateException if the range is closed
   */
  Residency residency(Slice slice);

  /**
   * What transparent host access has done with this range since it was allocated: of what {@link UnifiedMemory#hostStatistics()} counts,
   * what happened to its pages. All zero for a range of no arena.
   *
   * @return the counts
   * @throws IllegalStateException if the range is closed
   */
  HostStatistics hostStatistics();

  /**
   * Gives the range back: its host pages and every copy on a device. Waits for launches in flight that use it.
   *
   * @throws IllegalStateException if the range is closed already, a lease on it is open, or it belongs to an arena, which closes it; then
   *     nothing has changed
   */
  @Override
  void close();

  /**
   * Says that the contents of a slice are no longer needed: nothing of them is moved or written back from now on, and the host's memory
   * for them is given back. Nothing is copied by the call. Device memory stays reserved, to be used again.
   *
   * <p>The host's memory stays where it must: in shared virtual memory, and on ranges of memories with a device that has to register the
   * host's pages to use them ({@link MemoryKind#COHERENT} on some). Then what was written of these pages is set to zero where it is, which
   * takes its time, and what was not written takes none and no memory either.
   *
   * <p>Pages that belong to the slice as a whole are as in a new range afterwards: zero for whoever reads them next, wherever that is, and
   * poisoned no longer. Pages that belong to it in part keep all their bytes, so that a slice within one page changes nothing.
   *
   * <p>For those pages the call is a host lease that writes: it waits for leases and launches in flight that use them, at most
   * {@linkplain UnifiedMemory.Builder#leaseTimeout the memory's lease timeout}. To touch them from other threads meanwhile, in an arena,
   * is a data race: what is stored there may stay or not.
   *
   * @param slice a slice of this range
   * @throws IllegalArgumentException if the slice belongs to another range
   * @throws IllegalStateException if the range or the memory is closed
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts, as it would wait for itself
   * @throws LeaseTimeoutException if what conflicts was not over in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws DeviceException if a copy to these pages took too long and was given up, but may still arrive; the contents may be lost then
   */
  void discard(Slice slice);

  /**
   * Says how a slice is going to be used. See {@link Advice.Kind} for what comes of it; nothing moves now, and nobody is waited for.
   * Saying it again changes nothing. A preferred location takes the place of another one.
   *
   * @param slice a slice of this range; the advice holds for all pages that it touches
   * @param advice what is said
   * @throws IllegalArgumentException if the slice belongs to another range, or the advice is of a device of another memory
   * @throws IllegalStateException if the range or the memory is closed
   */
  void advise(Slice slice, Advice advice);

  /**
   * Says how this whole range is going to be used: {@link #advise(Slice, Advice)}, with its conditions and exceptions.
   *
   * @param advice what is said
   */
  default void advise(Advice advice) {
    advise(all(), advice);
  }

  /**
   * Takes back what was said of how a slice is going to be used. What holds of its pages otherwise, another preferred location too,
   * stays. Taking back what was never said changes nothing.
   *
   * @param slice a slice of this range; the advice ends for all pages that it touches
   * @param advice what was said
   * @throws IllegalArgumentException if the slice belongs to another range, or the advice is of a device of another memory
   * @throws IllegalStateException if the range or the memory is closed
   */
  void unadvise(Slice slice, Advice advice);

  /**
   * Takes back what was said of how this whole range is going to be used: {@link #unadvise(Slice, Advice)}, with its conditions and
   * exceptions.
   *
   * @param advice what was said
   */
  default void unadvise(Advice advice) {
    unadvise(all(), advice);
  }

  /**
   * The advice that holds now for every page that a slice touches.
   *
   * @param slice a slice of this range
   * @return a snapshot; what holds for some of the pages alone isn't in it
   * @throws IllegalArgumentException if the slice belongs to another range
   * @throws IllegalStateException if the range or the memory is closed
   */
  Set<Advice> advice(Slice slice);
}
