package io.samepage.benchmarks.launch;

import io.samepage.Argument;
import io.samepage.Slice;
import java.util.List;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Param;

/** Launches on memory of an arena that the host has touched, and then left alone until nothing of it was mapped for the host any more. */
public class RelaunchUntouched extends SubmitState {
  /** Each part has pages of its own. */
  private static final long LITTLE_BYTES = 8 << 20;

  /** What the kernel says that it does with the memory. */
  public enum Use {
    /** It reads the whole range. */
    IN,
    /** It reads and writes the whole range, so that each launch depends on the one before. */
    IN_OUT,
    /** It writes, each launch a part of the range of its own. */
    IN_OUT_PARTS;

    private static final int PARTS = 1_024;

    /** The argument of each launch; there may be fewer, then they are used again from the first one on. */
    List<Argument> arguments(Slice all) {
      if (this != IN_OUT_PARTS) {
        return List.of(this == IN ? Argument.in(all) : Argument.inOut(all));
      }
      long partBytes = all.sizeBytes() / PARTS;
      return LongStream.range(0, PARTS)
          .mapToObj(i -> Argument.inOut(all.range().slice(all.offsetBytes() + i * partBytes, partBytes))).toList();
    }
  }

  /** How large the range is. */
  @Param("1024")
  public int rangeMib;
  /** What the kernel does. */
  @Param
  public Use use;

  @Override
  long sizeBytes(boolean isSmall) {
    return isSmall ? LITTLE_BYTES : (long) rangeMib << 20;
  }

  @Override
  boolean isWriting() {
    return use != Use.IN;
  }

  @Override
  Launches launches(long sizeBytes) {
    LaunchedMemory launched = new LaunchedMemory();
    Slice data = launched.memory().slice(launched.segment(sizeBytes));
    Object[][] arguments = use.arguments(data).stream().map(argument -> new Object[] {argument}).toArray(Object[][]::new);
    return new SubmittedLaunches(launched, isWriting(), data, arguments);
  }
}
