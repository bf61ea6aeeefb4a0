package io.samepage.benchmarks.launch;

import io.samepage.Slice;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Param;

/** Launches on a range, on a part of one, and on a segment of an arena. */
public class LaunchSubmit extends SubmitState {
  private static final long LITTLE_BYTES = 64 << 10;

  /** What the kernel is given. */
  public enum Data {
    /** A range. */
    RANGE,
    /** The second half of a range that is twice as large. The baseline has a buffer of its own for it. */
    PART,
    /** A segment of an arena, which the host has not touched since. */
    SEGMENT
  }

  /** What the kernel is given. */
  @Param
  public Data data;
  /** How much that is. */
  @Param("64")
  public int sizeKib;
  /** Whether the kernel may write it, so that each launch depends on the one before. */
  @Param({"false", "true"})
  public boolean writes;

  @Override
  long sizeBytes(boolean isSmall) {
    return isSmall ? LITTLE_BYTES : (long) sizeKib << 10;
  }

  @Override
  boolean isWriting() {
    return writes;
  }

  @Override
  Launches launches(long sizeBytes) {
    LaunchedMemory launched = new LaunchedMemory();
    Object argument = argument(launched, sizeBytes);
    Slice slice = argument instanceof MemorySegment segment ? launched.memory().slice(segment) : (Slice) argument;
    return new SubmittedLaunches(launched, writes, slice, new Object[] {argument});
  }

  private Object argument(LaunchedMemory launched, long sizeBytes) {
    return switch (data) {
      case RANGE -> launched.range(sizeBytes);
      case PART -> launched.range(2 * sizeBytes).slice(sizeBytes, sizeBytes);
      case SEGMENT -> launched.segment(sizeBytes);
    };
  }
}
