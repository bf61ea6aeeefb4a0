package io.samepage.benchmarks.work;

import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;

/** What benchmarks of {@link SubmittedLaunches} have in common: the device is made busy before each measured part, and checked behind. */
public abstract class LaunchState {
  final UnifiedMemory memory = BenchmarkMemory.open();
  private UnifiedArena arena;
  private SubmittedLaunches launches;

  /** A segment of an arena, of which the host has touched each page. */
  MemorySegment segment(long sizeBytes) {
    arena = memory.sharedArena();
    MemorySegment segment = arena.allocate(sizeBytes, Long.BYTES);
    Pages.touch(segment, 1);
    return segment;
  }

  /** Compiles and warms up. */
  void prepare(boolean writes, Slice data, Object[]... arguments) {
    launches = new SubmittedLaunches(memory, writes, data, arguments);
  }

  /** What is measured. */
  void submit() {
    launches.submit();
  }

  /** Makes the device busy. */
  @Setup(Level.Invocation)
  public void occupy() {
    launches.occupy();
  }

  /**
   * Checks that all was submitted while the device was busy, and that nothing was moved or scanned.
   *
   * @param iteration whether it counts
   */
  @TearDown(Level.Invocation)
  public void check(IterationParams iteration) {
    launches.check(iteration);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    if (arena != null) {
      arena.close();
    }
    memory.close();
  }
}
