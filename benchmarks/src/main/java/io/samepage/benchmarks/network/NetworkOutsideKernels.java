package io.samepage.benchmarks.network;

import io.samepage.HostAccess;
import io.samepage.MemoryStatistics;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.work.BenchmarkMemory;
import io.samepage.benchmarks.work.Counted;
import io.samepage.benchmarks.work.RunCounts;
import io.samepage.benchmarks.work.WarmUp;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.network.Network;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The sample's sparse network, of 1,024 neurons, against the same by hand: what it takes from start to end less what its kernels ran by the
 * device's clock. Memory and kernels are there already, and used again by each run; the weights are brought anew.
 */
@BenchmarkMode(Mode.SampleTime)
public class NetworkOutsideKernels {
  private static final int NEURONS = 1_024;

  private static void check(Verdict verdict) {
    if (!verdict.verified()) {
      throw new IllegalStateException("The network computed something else: " + verdict.explanation());
    }
  }

  /** What is computed. */
  @State(Scope.Thread)
  public static class Shape {
    static final int FEW = 3;

    /** How many images go in. */
    @Param("64")
    public int images;
    /** Through how many layers. */
    @Param("30")
    public int layers;
    /** How long it warms up, together with a small network. */
    @Param("8000")
    public int warmMillis;
  }

  /** The sample. */
  @State(Scope.Thread)
  public static class Sample {
    /** How the host gets at the memory. */
    @Param
    public HostAccess.Mode host;

    private UnifiedMemory memory;
    private HostSpace space;
    private Network network;

    /**
     * Makes the network.
     *
     * @param shape what is computed
     */
    @Setup
    public void open(Shape shape) {
      open(shape.images, shape.layers);
      Sample small = new Sample();
      small.host = host;
      small.open(Shape.FEW, Shape.FEW);
      WarmUp.run(shape.warmMillis, small::run, this::run);
      small.space.close();
      small.memory.close();
      run();
    }

    private void open(int images, int layers) {
      memory = BenchmarkMemory.open();
      space = HostSpace.open(memory, host);
      network = new Network(space, new DrawnNetwork(images, NEURONS, layers).draw());
    }

    private long run() {
      StageMeter meter = new StageMeter(memory, stage -> { });
      network.run(meter);
      return Math.round(meter.total().seconds() * 1e9);
    }

    private long kernelNanos() {
      return Math.round(network.kernelSeconds() * 1e9);
    }

    private long movedBytes() {
      MemoryStatistics moved = memory.statistics();
      return moved.bytesToDevice() + moved.bytesToHost();
    }

    /** Verifies the last run; gives everything back. */
    @TearDown
    public void close() {
      check(network.verify());
      space.close();
      memory.close();
    }
  }

  /** The same by hand. */
  @State(Scope.Thread)
  public static class Raw {
    private RawNetwork network;

    /**
     * Makes the network.
     *
     * @param shape what is computed
     */
    @Setup
    public void open(Shape shape) {
      network = new RawNetwork(new DrawnNetwork(shape.images, NEURONS, shape.layers).draw());
      try (RawNetwork small = new RawNetwork(new DrawnNetwork(Shape.FEW, NEURONS, Shape.FEW).draw())) {
        WarmUp.run(shape.warmMillis, small::run, network::run);
      }
      network.run();
    }

    /** Verifies the last run; gives everything back. */
    @TearDown
    public void close() {
      check(network.verify());
      network.close();
    }
  }

  /**
   * Runs the sample.
   *
   * @param state the sample
   * @param counted where it is entered what that took
   * @param counts where all is entered that it took
   */
  @Benchmark
  public void samepage(Sample state, Counted counted, RunCounts counts) {
    measure(state::run, state::kernelNanos, state::movedBytes, counted, counts);
  }

  /**
   * Runs the network.
   *
   * @param state the network
   * @param counted where it is entered what that took
   * @param counts where all is entered that it took
   */
  @Benchmark
  public void lwjgl(Raw state, Counted counted, RunCounts counts) {
    measure(state.network::run, state.network::kernelNanos, state.network::movedBytes, counted, counts);
  }

  private static void measure(LongSupplier run, LongSupplier kernelNanos, LongSupplier movedBytes, Counted counted, RunCounts counts) {
    long kernelsBefore = kernelNanos.getAsLong();
    long movedBefore = movedBytes.getAsLong();
    counted.start();
    long nanos = run.getAsLong();
    counted.stop(1);
    long ranNanos = kernelNanos.getAsLong() - kernelsBefore;
    counted.took(nanos - ranNanos);
    counts.add(nanos, ranNanos, movedBytes.getAsLong() - movedBefore);
  }
}
