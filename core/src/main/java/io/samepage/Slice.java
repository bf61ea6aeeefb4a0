package io.samepage;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * A run of bytes of one range: what leases and kernel arguments are declared over. A slice is a description and holds nothing
 * open; it stays usable as long as its range.
 *
 * @param range the range that the bytes belong to
 * @param offsetBytes where the slice begins, counted from the start of the range
 * @param sizeBytes how long it is, at least 1
 */
public record Slice(UnifiedRange range, long offsetBytes, long sizeBytes) {

  /**
   * Checks the bounds.
   *
   * @throws NullPointerException if {@code range} is null
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1
   * @throws IndexOutOfBoundsException if the slice reaches outside the range
   */
  public Slice {
    Objects.requireNonNull(range, "range");
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("A slice holds at least one byte: sizeBytes=" + sizeBytes + ", range=" + range);
    }
    if (offsetBytes < 0 || sizeBytes > range.sizeBytes() || offsetBytes > range.sizeBytes() - sizeBytes) {
      throw new IndexOutOfBoundsException("Slice outside its range: offsetBytes=" + offsetBytes + ", sizeBytes=" + sizeBytes
          + ", range=" + range);
    }
  }

  /** {@return the offset of the first byte behind the slice, counted from the start of the range} */
  public long endBytes() {
    return offsetBytes + sizeBytes;
  }

  /**
   * A part of this slice.
   *
   * @param offset where it begins, counted in bytes from the start of this slice
   * @param size its length in bytes, at least 1
   * @return the part
   * @throws IllegalArgumentException if {@code size} is below 1
   * @throws IndexOutOfBoundsException if it reaches outside this slice
   */
  public Slice slice(long offset, long size) {
    if (offset < 0 || (size > 0 && offset > sizeBytes - size)) {
      throw new IndexOutOfBoundsException("Slice outside its slice: offsetBytes=" + offset + ", sizeBytes=" + size + ", slice=" + this);
    }
    return new Slice(range, offsetBytes + offset, size);
  }

  /**
   * Opens a host lease on this slice, confined to the calling thread: {@link UnifiedMemory#host(Access, java.util.List)} of
   * this one slice, with its conditions and exceptions.
   *
   * @param access what the host will do
   * @return the lease, to be closed
   */
  public HostLease host(Access access) {
    return range.memory().host(access, java.util.List.of(this));
  }

  /**
   * Opens a host lease on this slice with a bound on the wait of its own.
   *
   * @param access what the host will do
   * @param timeout how long to wait for conflicting leases; zero fails at once
   * @return the lease, to be closed
   * @see UnifiedMemory#host(Access, java.util.List, Duration)
   */
  public HostLease host(Access access, Duration timeout) {
    return range.memory().host(access, java.util.List.of(this), timeout);
  }

  /**
   * Brings this slice's pages to a device before they are needed there: {@link Device#prefetch(Slice)}, with its conditions and
   * exceptions.
   *
   * @param device where to
   * @return a fence that has passed when all pages are there
   */
  public Fence prefetchTo(Device device) {
    return device.prefetch(this);
  }

  /**
   * Brings this slice's pages to the host before they are needed there: {@link UnifiedMemory#prefetchToHost(Slice)}, with its conditions
   * and exceptions.
   *
   * @return a fence, which has passed
   */
  public Fence prefetchToHost() {
    return range.memory().prefetchToHost(this);
  }

  /**
   * Sets every byte of this slice, where its pages are: {@link UnifiedMemory#fill(Slice, byte)}, with its conditions and exceptions.
   *
   * @param value what each byte will be
   * @return a fence that has passed when it is done
   */
  public Fence fill(byte value) {
    return range.memory().fill(this, value);
  }

  /**
   * Copies this slice's bytes to another slice, where this slice's pages are: {@link UnifiedMemory#copy(Slice, Slice)}, with its
   * conditions and exceptions.
   *
   * @param target a slice of the same size in the same memory, with no byte in common with this one
   * @return a fence that has passed when it is done
   */
  public Fence copyTo(Slice target) {
    return range.memory().copy(this, target);
  }

  /**
   * {@return a snapshot of which nodes hold the pages that this slice touches}
   *
   * @throws IllegalStateException if the range is closed
   */
  public Residency residency() {
    return range.residency(this);
  }

  /**
   * Says that the contents of this slice are no longer needed; see {@link UnifiedRange#discard(Slice)}.
   *
   * @throws IllegalStateException if the range is closed
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts
   * @throws LeaseTimeoutException if what conflicts was not over in time
   */
  public void discard() {
    range.discard(this);
  }

  /**
   * Says how this slice is going to be used: {@link UnifiedRange#advise(Slice, Advice)}, with its conditions and exceptions.
   *
   * @param advice what is said
   */
  public void advise(Advice advice) {
    range.advise(this, advice);
  }

  /**
   * Takes back what was said of how this slice is going to be used: {@link UnifiedRange#unadvise(Slice, Advice)}, with its conditions and
   * exceptions.
   *
   * @param advice what was said
   */
  public void unadvise(Advice advice) {
    range.unadvise(this, advice);
  }

  /**
   * {@return the advice that holds now for every page that this slice touches}
   *
   * @throws IllegalStateException if the range or the memory is closed
   */
  public Set<Advice> advice() {
    return range.advice(this);
  }

  @Override
  public String toString() {
    return range.name() + "[" + offsetBytes + ", " + endBytes() + ")";
  }
}
