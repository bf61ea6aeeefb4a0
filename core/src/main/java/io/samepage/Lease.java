package io.samepage;

import java.util.List;

/**
 * Declared access of one node to one or several slices, for a time. While a lease is open no conflicting lease is open, the node's
 * copies of the pages stay where they are, and they are valid, but for pages that a {@link Access#WRITE} lease will overwrite as a
 * whole: those become valid, and the other nodes' copies invalid, when it is closed. Two leases conflict when one of them writes and
 * they share a byte, or share a page from different nodes.
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
