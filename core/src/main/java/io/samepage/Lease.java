package io.samepage;

import java.util.List;

/**
 * Declared access of one node to one or several slices, for a time. While a lease is open the node holds valid copies of the
 * pages, no conflicting lease is open, and the pages are not evicted. Two leases conflict when one of them writes and they share
 * a byte, or share a page from different nodes.
 *
 * <p>Leases are closed by {@link #close()}, best in a try-with-resources statement.
 */
public sealed interface Lease extends AutoCloseable permits HostLease, DeviceLease {
  /** {@return the slices, in the order they were asked for} */
  List<Slice> slices();

  /** {@return what was declared} */
  Access access();

  /** {@return whether the lease has not been closed} */
  boolean isOpen();

  /**
   * Ends the access. A lease that writes makes its node the only holder of the pages, whether or not bytes changed.
   *
   * @throws IllegalStateException if the lease is closed already
   * @throws WrongThreadException if it is a confined host lease and the caller is not the thread that opened it; the lease
   *     stays open
   */
  @Override
  void close();
}
