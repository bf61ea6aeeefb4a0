package io.samepage.samples.hostview;

import io.samepage.Access;

/** Regions of a {@link HostSpace} that the host views at once, again and again. */
public interface RegionGroup {
  /**
   * Lets the host at all of them.
   *
   * @param access what it will do
   * @return their bytes, to be closed when it is done
   */
  HostView view(Access access);
}
