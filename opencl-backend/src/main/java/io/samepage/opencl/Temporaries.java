package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;

/**
 * Which launch of a node has temporary buffers: one at a time, whichever queue it is in. They are no window's, so nothing else bounds how
 * many there are. Used by who submits alone.
 */
final class Temporaries {
  private final long alignmentBytes;
  private volatile NodeFence last;

  /**
   * Begins with none.
   *
   * @param alignmentBytes what the driver wants offsets to be multiples of
   */
  Temporaries(long alignmentBytes) {
    this.alignmentBytes = alignmentBytes;
  }

  long alignmentBytes() {
    return alignmentBytes;
  }

  /** Waits for the launch that has some. */
  void await() {
    NodeFence before = last;
    if (before == null) {
      return;
    }
    try {
      before.awaitUninterruptibly();
    } catch (DeviceException e) {
      // That launch's own fence says so.
    }
    last = null;
  }

  /** A launch that waited has some, up to its fence. */
  void taken(NodeFence fence) {
    last = fence;
  }
}
