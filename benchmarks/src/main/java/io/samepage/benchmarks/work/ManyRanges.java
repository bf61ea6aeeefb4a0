package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Pages;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * How the cost of a range depends on how many there are: the host writes a word of one of them and the embedded device reads it, one after
 * the other in random order. Each range is a page, so that a page is copied each time.
 */
@BenchmarkMode(Mode.SampleTime)
@State(Scope.Thread)
public class ManyRanges {
  private static final int TURNS = 100;
  private static final long SEED = 5;

  /** How many ranges there are. */
  @Param({"1", "100", "10000", "100000"})
  public int ranges;

  private UnifiedMemory memory;
  private Device device;
  private Slice[] slices;
  private Random random;
  private long count;

  /** Makes the ranges; host and device have them. */
  @Setup
  public void open() {
    memory = BenchmarkMemory.openEmbedded();
    device = BenchmarkMemory.device(memory);
    slices = Stream.generate(() -> memory.allocate(Pages.SIZE_BYTES).all()).limit(ranges).toArray(Slice[]::new);
    random = new Random(SEED);
    for (Slice slice : slices) {
      pass(slice);
    }
  }

  private void pass(Slice slice) {
    try (HostLease lease = slice.host(Access.WRITE)) {
      lease.segment().set(ValueLayout.JAVA_LONG, 0, ++count);
    }
    device.acquire(slice, Access.READ).close();
  }

  /** A word goes through some ranges. */
  @Benchmark
  @OperationsPerInvocation(TURNS)
  public void samepage() {
    for (int i = 0; i < TURNS; i++) {
      pass(slices[random.nextInt(slices.length)]);
    }
  }

  /** Checks that each turn copied a page; gives everything back. */
  @TearDown
  public void close() {
    Expected.same("bytesToDevice", memory.statistics().bytesToDevice(), count * Pages.SIZE_BYTES);
    memory.close();
  }
}
