package io.samepage.benchmarks.cuda;

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
 * What {@link io.samepage.benchmarks.transfer.BulkToDevice} and {@link io.samepage.benchmarks.transfer.BulkToHost} are measured against
 * on CUDA: one copy of as many bytes from or to pinned memory.
 */
@BenchmarkMode(Mode.SampleTime)
public class CudaBulk {
  /** Host memory that is pinned; before each copy a word of each page is written. */
  @State(Scope.Thread)
  public static class Pinned {
    /** How much is moved. */
    @Param({"2", "16", "256"})
    public int sizeMib;
    /** How long it warms up. */
    @Param("3000")
    public int warmMillis;

    private PinnedCopy copy;
    private long count;

    /** Takes memory. */
    @Setup
    public void open() {
      copy = new PinnedCopy((long) sizeMib << 20);
      WarmUp.run(warmMillis, () -> {
        write();
        copy.write();
        copy.read();
      });
    }

    /** The host writes. */
    @Setup(Level.Invocation)
    public void write() {
      copy.touch(++count);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      copy.close();
    }
  }

  /**
   * Copies to the device.
   *
   * @param state the memory
   */
  @Benchmark
  public void toDevice(Pinned state) {
    state.copy.write();
  }

  /**
   * Copies to the host.
   *
   * @param state the memory
   */
  @Benchmark
  public void toHost(Pinned state) {
    state.copy.read();
  }
}
