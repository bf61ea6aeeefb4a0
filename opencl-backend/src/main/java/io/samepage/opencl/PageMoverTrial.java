package io.samepage.opencl;

import io.samepage.SamepageException;
import io.samepage.node.CopyRun;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether a device's kernels read and write host memory in place. */
final class PageMoverTrial {
  private static final Logger LOG = LoggerFactory.getLogger(PageMoverTrial.class);
  private static final int PAGES = 64;
  private static final int PAGE_BYTES = 4096;

  private PageMoverTrial() {}

  /**
   * Moves some pages there and back.
   *
   * @param node a node that nobody uses yet
   * @param limits its limits
   * @return the mover, if all bytes came back
   */
  static Optional<PageMover> run(OpenClNode node, DeviceLimits limits) {
    try {
      PageMover mover = new PageMover(node, limits);
      return isTrustworthy(node, mover) ? Optional.of(mover) : Optional.empty();
    } catch (SamepageException e) {
      LOG.debug("Short runs are copied one by one: {}", node.info().name(), e);
      return Optional.empty();
    }
  }

  private static boolean isTrustworthy(OpenClNode node, PageMover mover) {
    Window window = node.allocate((long) PAGES * PAGE_BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(2L * PAGES * PAGE_BYTES, PAGE_BYTES);
      for (long i = 0; i < host.byteSize() / Long.BYTES / 2; i++) {
        host.setAtIndex(ValueLayout.JAVA_LONG, i, i * 0x9E3779B97F4A7C15L);
      }
      MemorySegment there = host.asSlice(0, host.byteSize() / 2);
      MemorySegment back = host.asSlice(host.byteSize() / 2);
      EventList commands = new EventList();
      try {
        mover.move(node.queueHandle(), mover.batch(backwards(there, window), 0), true, commands);
        mover.move(node.queueHandle(), mover.batch(backwards(back, window), 0), false, commands);
      } finally {
        node.finish(commands);
      }
      return there.mismatch(back) == -1;
    } finally {
      node.free(window);
    }
  }

  private static List<CopyRun> backwards(MemorySegment host, Window window) {
    List<CopyRun> runs = new ArrayList<>();
    for (long offset = host.byteSize() - PAGE_BYTES; offset >= 0; offset -= PAGE_BYTES) {
      runs.add(new CopyRun(host.address() + offset, window, offset, PAGE_BYTES));
    }
    return runs;
  }
}
