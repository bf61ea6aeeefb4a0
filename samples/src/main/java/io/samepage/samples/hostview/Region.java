package io.samepage.samples.hostview;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.Slice;

/** A run of bytes of a {@link HostSpace}, for the host to view and for kernels to be given. */
public sealed interface Region permits LeasedSpace.LeasedRegion, PlainSpace.PlainRegion {
  /** {@return its length} */
  long sizeBytes();

  /**
   * A part of it.
   *
   * @param offsetBytes where the part begins
   * @param sizeBytes its length, at least 1
   * @return the part
   */
  Region part(long offsetBytes, long sizeBytes);

  /** {@return the slice with the same bytes} */
  Slice slice();

  /** {@return the argument of a kernel that only reads this} */
  Argument in();

  /** {@return the argument of a kernel that overwrites all of this} */
  Argument out();

  /**
   * Lets the host at it.
   *
   * @param access what it will do
   * @return the bytes, to be closed when it is done
   */
  HostView view(Access access);
}
