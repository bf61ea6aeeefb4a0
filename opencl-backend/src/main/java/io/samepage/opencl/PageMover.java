package io.samepage.opencl;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeArgument;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Moves many short runs by one kernel that reads and writes host memory in place. A command for each run costs PoCL several times
 * as much as copying a page does. For devices that are the host's own processor.
 *
 * <p>OpenCL promises the host's view of such memory only while it is mapped, so {@link PageMoverTrial} tries a device out before it is
 * trusted.
 */
final class PageMover {
  /** What a work item moves. Runs are made of whole pieces. */
  private static final int PIECE_BYTES = 4096;
  private static final int UNIT_BYTES = 128;
  private static final int GROUP_ITEMS = 16;
  private static final int RUN_BYTES_LIMIT = 16 * PIECE_BYTES;
  private static final int MOVE_BYTES_LIMIT = 4096 * PIECE_BYTES;

  private static final KernelSource SOURCE = KernelSource.builder().openClC("""
      __kernel void move(__global const ulong* units, __global const ulong16* source, __global ulong16* target, ulong count) {
        size_t i = get_global_id(0);
        if (i < count) {
          __global const ulong16* from = source + units[2 * i];
          __global ulong16* to = target + units[2 * i + 1];
          for (int k = 0; k < 32; k++) {
            to[k] = from[k];
          }
        }
      }
      """).build();

  private final OpenClNode node;
  private final OpenClKernel kernel;
  private final long alignmentBytes;
  private final long maxSpanBytes;

  PageMover(OpenClNode node, DeviceLimits limits) {
    this.node = node;
    kernel = (OpenClKernel) node.kernel(SOURCE, "move");
    alignmentBytes = limits.alignmentBytes();
    maxSpanBytes = limits.maxAllocationBytes();
  }

  /**
   * How far the runs from an index on can be moved together: short, aligned, of one window, not too far apart on the host. At most so many
   * that the device can start on them while the next are prepared.
   *
   * @param runs all runs
   * @param start the first to look at
   * @return the end of the runs that can, {@code start} if the first can't
   */
  int endOfMovable(List<CopyRun> runs, int start) {
    long low = Long.MAX_VALUE;
    long high = 0;
    long sizeBytes = 0;
    int i = start;
    for (; i < runs.size() && sizeBytes < MOVE_BYTES_LIMIT; i++) {
      CopyRun run = runs.get(i);
      low = Math.min(low, run.hostAddress());
      high = Math.max(high, run.hostAddress() + run.sizeBytes());
      sizeBytes += run.sizeBytes();
      if (!isMovable(run) || run.window() != runs.get(start).window() || high - low > maxSpanBytes) {
        break;
      }
    }
    return i;
  }

  private static boolean isMovable(CopyRun run) {
    return run.sizeBytes() <= RUN_BYTES_LIMIT && run.sizeBytes() % PIECE_BYTES == 0
        && (run.hostAddress() | run.windowOffsetBytes()) % UNIT_BYTES == 0 && isInside(run);
  }

  /** The driver refuses a copy beyond the end; the kernel would do it. */
  private static boolean isInside(CopyRun run) {
    return run.windowOffsetBytes() >= 0 && run.windowOffsetBytes() <= run.window().sizeBytes() - run.sizeBytes();
  }

  /**
   * Enqueues the move of runs that can be moved together.
   *
   * @param runs the runs
   * @param isUpload whether to the window
   * @param commands where the event goes
   */
  void move(List<CopyRun> runs, boolean isUpload, EventList commands) {
    long base = runs.stream().mapToLong(CopyRun::hostAddress).min().orElseThrow();
    long end = runs.stream().mapToLong(run -> run.hostAddress() + run.sizeBytes()).max().orElseThrow();
    int pieces = (int) (runs.stream().mapToLong(CopyRun::sizeBytes).sum() / PIECE_BYTES);
    ClCalls calls = node.calls();
    long host = calls.createHostBuffer(node.context().handle(), base, end - base);
    try {
      long units = createUnits(runs, base, pieces, isUpload);
      try {
        Window window = runs.getFirst().window();
        enqueue(new OpenClWindow(units, 2L * Long.BYTES * pieces), new OpenClWindow(host, end - base), window, pieces, isUpload, commands);
      } finally {
        calls.releaseMemory(units);
      }
    } finally {
      calls.releaseMemory(host);
    }
  }

  private void enqueue(Window units, Window host, Window window, int pieces, boolean isUpload, EventList commands) {
    List<NodeArgument> arguments = List.of(whole(units, Access.READ), whole(isUpload ? host : window, Access.READ),
        whole(isUpload ? window : host, Access.READ_WRITE), new NodeArgument.Value((long) pieces));
    try (PlacedArguments placed = new PlacedArguments(node, arguments, commands)) {
      placed.place(alignmentBytes);
      commands.add(kernel.enqueue(node.queueHandle(), Grid.of(pieces).local(GROUP_ITEMS), placed));
    }
  }

  private static NodeArgument whole(Window buffer, Access access) {
    return new NodeArgument.Memory(buffer, 0, buffer.sizeBytes(), access);
  }

  /** For each piece where it comes from and where it goes to. */
  private long createUnits(List<CopyRun> runs, long base, int pieces, boolean isUpload) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment units = arena.allocate(ValueLayout.JAVA_LONG, 2L * pieces);
      long next = 0;
      for (CopyRun run : runs) {
        for (long done = 0; done < run.sizeBytes(); done += PIECE_BYTES) {
          long host = (run.hostAddress() - base + done) / UNIT_BYTES;
          long device = (run.windowOffsetBytes() + done) / UNIT_BYTES;
          units.setAtIndex(ValueLayout.JAVA_LONG, next++, isUpload ? host : device);
          units.setAtIndex(ValueLayout.JAVA_LONG, next++, isUpload ? device : host);
        }
      }
      return node.calls().createFilledBuffer(node.context().handle(), units.address(), units.byteSize());
    }
  }
}
