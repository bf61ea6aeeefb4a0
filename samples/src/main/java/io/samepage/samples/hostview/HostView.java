package io.samepage.samples.hostview;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Bytes that the host is at. Closing it says that it is done with them. */
public interface HostView extends AutoCloseable {
  /** {@return the bytes of each region, in the order they were asked for} */
  List<MemorySegment> segments();

  /** {@return the bytes of the first region} */
  default MemorySegment segment() {
    return segments().getFirst();
  }

  /** Ends it. */
  @Override
  void close();
}
