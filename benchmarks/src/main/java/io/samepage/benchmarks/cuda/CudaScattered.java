package io.samepage.benchmarks.cuda;

import io.samepage.HostAccess;
import io.samepage.benchmarks.turn.WarmUp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * 10,000 pages here and there that the host has written are used by a kernel that is given the whole range: until it has ended. Against a
 * copy of each page from pinned memory, and against managed memory.
 */
@BenchmarkMode(Mode.SampleTime)
public class CudaScattered {
  /** What a range of a size takes in managed memory, and what goes with it. */
  static long managedBytes(int rangeMib) {
    return ((long) rangeMib << 20) + DirtyPages.NUMBERS_BYTES + DirtyPages.WORDS_BYTES;
  }

  /** A range that host and device both have; before each operation the host writes a word of each of the pages. */
  @State(Scope.Thread)
  public abstract static class Written {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** How long it warms up. */
    @Param("3000")
    public int warmMillis;

    private ScatteredRange range;
    private long count;

    abstract ScatteredRange open(long sizeBytes);

    /** Makes the range; the device gets all of it. */
    @Setup
    public void open() {
      range = open((long) rangeMib << 20);
      range.use();
      WarmUp.run(warmMillis, this::writeAndUse);
    }

    private void writeAndUse() {
      write();
      use();
      checkMoved();
    }

    /** The host writes. */
    @Setup(Level.Invocation)
    public void write() {
      range.touch(++count);
    }

    /** Checks what the measured part moved, where that can be asked. */
    @TearDown(Level.Invocation)
    public void checkMoved() {
      range.checkMoved();
    }

    /** Checks that the kernel saw what was written last; gives everything back. */
    @TearDown
    public void close() {
      range.checkWords(count);
      range.close();
    }

    void use() {
      range.use();
    }
  }

  /** Of Samepage. */
  @State(Scope.Thread)
  public static class Samepage extends Written {
    /** How the host gets at it. */
    @Param
    public HostAccess.Mode host;

    @Override
    ScatteredRange open(long sizeBytes) {
      return new SamepageRange(sizeBytes, host);
    }
  }

  /** By hand, with copies. */
  @State(Scope.Thread)
  public static class Pinned extends Written {
    @Override
    ScatteredRange open(long sizeBytes) {
      return new PinnedRange(sizeBytes);
    }
  }

  /** In managed memory. */
  @State(Scope.Thread)
  public static class Managed extends Written {
    @Override
    ScatteredRange open(long sizeBytes) {
      return new ManagedRange(sizeBytes, false);
    }
  }

  /** In managed memory, with prefetches and advice. */
  @State(Scope.Thread)
  public static class Hinted extends Written {
    @Override
    ScatteredRange open(long sizeBytes) {
      return new ManagedRange(sizeBytes, true);
    }
  }

  /**
   * Launches.
   *
   * @param state the range
   */
  @Benchmark
  public void samepage(Samepage state) {
    state.use();
  }

  /**
   * Copies the pages and launches.
   *
   * @param state the range
   */
  @Benchmark
  public void jcuda(Pinned state) {
    state.use();
  }

  /**
   * Launches.
   *
   * @param state the range
   */
  @Benchmark
  public void managed(Managed state) {
    state.use();
  }

  /**
   * Prefetches the range, which brings what is missing, and launches.
   *
   * @param state the range
   */
  @Benchmark
  public void managedHinted(Hinted state) {
    state.use();
  }
}
