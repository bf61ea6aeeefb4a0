package io.samepage;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Access of the host: the bytes as ordinary {@link MemorySegment}s for as long as the lease is open. They may be passed to
 * native code, system calls and drivers.
 *
 * <p>A confined lease belongs to the thread that opened it: its segments may be got and accessed, and it may be closed, by that
 * thread alone. A shared lease may be used and closed by any thread; closing it costs a handshake with all threads (tens of
 * microseconds).
 */
public non-sealed interface HostLease extends Lease {
  /**
   * {@return the bytes of the first slice; read-only if the access is {@link Access#READ}}
   *
   * @throws IllegalStateException if the lease is closed. Accessing a segment that was got before the lease was closed throws
   *     IllegalStateException as well
   * @throws WrongThreadException if the lease is confined and the caller is not the thread that opened it
   */
  MemorySegment segment();

  /**
   * {@return the bytes of each slice, in the order they were asked for}
   *
   * @throws IllegalStateException if the lease is closed
   * @throws WrongThreadException if the lease is confined and the caller is not the thread that opened it
   */
  List<MemorySegment> segments();
}
