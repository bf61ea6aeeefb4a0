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
  /** From so many pieces on they are stored past the caches, as they would push out each other. */
  private static final int FEWEST_TO_STREAM = 2048;

  /**
   * Each work item fetches ahead what the next one copies, as the processor by itself looks ahead to the end of a page at most. That and
   * stores past the caches make it twice as fast; where the compiler knows neither, or makes code for no processor (oclgrind's does), they
   * are left out. Such stores are ordered by the locks that the driver takes when it completes a command.
   */
  private static final KernelSource SOURCE = KernelSource.builder().openClC("""
      #if defined(__has_builtin) && (defined(__x86_64__) || defined(__aarch64__))
      #if __has_builtin(__builtin_nontemporal_store) && __has_builtin(__builtin_prefetch)
      #define STREAM(value, at) __builtin_nontemporal_store(value, at)
      #define FETCH_TO_READ(at) __builtin_prefetch((__global const char*) (at), 0, 3)
      #define FETCH_TO_WRITE(at) __builtin_prefetch((__global const char*) (at), 1, 3)
      #endif
      #endif
      #ifndef STREAM
      #define STREAM(value, at) STORE(value, at)
      #define FETCH_TO_READ(at)
      #define FETCH_TO_WRITE(at)
      #endif
      #define STORE(value, at) (*(at) = (value))

      #define MOVER(name, store) \
      __kernel void name(__global const ulong* units, __global const ulong16* source, __global ulong16* target, ulong count) { \
        size_t i = get_global_id(0); \
        if (i < count) { \
          size_t next = i + 1 < count ? i + 1 : i; \
          __global const ulong16* from = source + units[2 * i]; \
          __global ulong16* to = target + units[2 * i + 1]; \
          __global const ulong16* ahead = source + units[2 * next]; \
          FETCH_TO_WRITE(target + units[2 * next + 1]); \
          for (int k = 0; k < 32; k++) { \
            FETCH_TO_READ(ahead + k); \
            FETCH_TO_READ((__global const ulong8*) (ahead + k) + 1); \
            store(from[k], to + k); \
          } \
        } \
      }

      MOVER(move, STORE)
      MOVER(stream, STREAM)
      """).build();

  private final OpenClNode node;
  private final OpenClKernel moving;
  private final OpenClKernel streaming;
  private final long alignmentBytes;
  private final long maxSpanBytes;

  PageMover(OpenClNode node, DeviceLimits limits) {
    this.node = node;
    moving = (OpenClKernel) node.kernel(SOURCE, "move");
    streaming = (OpenClKernel) node.kernel(SOURCE, "stream");
    alignmentBytes = limits.alignmentBytes();
    maxSpanBytes = limits.maxAllocationBytes();
  }

  /**
   * Runs that are moved together.
   *
   * @param runs all runs
   * @param start the first of them
   * @param end behind the last
   * @param hostStart where on the host the lowest begins
   * @param hostEnd where on the host the highest ends
   * @param sizeBytes how much they are together
   */
  record Batch(List<CopyRun> runs, int start, int end, long hostStart, long hostEnd, long sizeBytes) {
    int count() {
      return end - start;
    }

    private int pieces() {
      return (int) (sizeBytes / PIECE_BYTES);
    }

    private Window window() {
      return runs.get(start).window();
    }
  }

  /**
   * Which of the runs from an index on can be moved together: short, aligned, of one window, not too far apart on the host. At most so
   * many that the device can start on them while the next are prepared.
   *
   * @param runs all runs
   * @param start the first to look at
   * @return those that can; none if the first can't
   */
  Batch batch(List<CopyRun> runs, int start) {
    Window window = runs.get(start).window();
    long hostStart = Long.MAX_VALUE;
    long hostEnd = 0;
    long sizeBytes = 0;
    int end = start;
    while (end < runs.size() && sizeBytes < MOVE_BYTES_LIMIT) {
      CopyRun run = runs.get(end);
      long low = Math.min(hostStart, run.hostAddress());
      long high = Math.max(hostEnd, run.hostAddress() + run.sizeBytes());
      if (!isMovable(run) || run.window() != window || high - low > maxSpanBytes) {
        break;
      }
      hostStart = low;
      hostEnd = high;
      sizeBytes += run.sizeBytes();
      end++;
    }
    return new Batch(runs, start, end, hostStart, hostEnd, sizeBytes);
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
   * Enqueues the move of a batch.
   *
   * @param queue where to
   * @param batch the runs, at least one
   * @param isUpload whether to the window
   * @param commands where the event goes
   */
  void move(long queue, Batch batch, boolean isUpload, EventList commands) {
    ClCalls calls = node.calls();
    long hostBytes = batch.hostEnd - batch.hostStart;
    long host = calls.createHostBuffer(node.context().handle(), batch.hostStart, hostBytes);
    try {
      int pieces = batch.pieces();
      long units = createUnits(batch, isUpload);
      try {
        enqueue(queue, new OpenClWindow(units, 2L * Long.BYTES * pieces), new OpenClWindow(host, hostBytes), batch.window(), pieces,
            isUpload, commands);
      } finally {
        calls.releaseMemory(units);
      }
    } finally {
      calls.releaseMemory(host);
    }
  }

  private void enqueue(long queue, Window units, Window host, Window window, int pieces, boolean isUpload, EventList commands) {
    List<NodeArgument> arguments = List.of(whole(units, Access.READ), whole(isUpload ? host : window, Access.READ),
        whole(isUpload ? window : host, Access.READ_WRITE), new NodeArgument.Value((long) pieces));
    try (PlacedArguments placed = new PlacedArguments(node, queue, arguments, commands)) {
      placed.place(alignmentBytes);
      OpenClKernel kernel = pieces < FEWEST_TO_STREAM ? moving : streaming;
      commands.add(kernel.enqueue(queue, Grid.of(pieces).local(GROUP_ITEMS), placed));
    }
  }

  private static NodeArgument whole(Window buffer, Access access) {
    return new NodeArgument.Memory(buffer, 0, buffer.sizeBytes(), access);
  }

  /** For each piece where it comes from and where it goes to. */
  private long createUnits(Batch batch, boolean isUpload) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment units = arena.allocate(ValueLayout.JAVA_LONG, 2L * batch.pieces());
      long next = 0;
      for (int i = batch.start; i < batch.end; i++) {
        CopyRun run = batch.runs.get(i);
        for (long done = 0; done < run.sizeBytes(); done += PIECE_BYTES) {
          long host = (run.hostAddress() - batch.hostStart + done) / UNIT_BYTES;
          long device = (run.windowOffsetBytes() + done) / UNIT_BYTES;
          units.setAtIndex(ValueLayout.JAVA_LONG, next++, isUpload ? host : device);
          units.setAtIndex(ValueLayout.JAVA_LONG, next++, isUpload ? device : host);
        }
      }
      return node.calls().createFilledBuffer(node.context().handle(), units.address(), units.byteSize());
    }
  }
}
