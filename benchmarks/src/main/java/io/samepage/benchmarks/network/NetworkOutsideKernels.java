package io.samepage.benchmarks.network;

import io.samepage.HostAccess;
import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.RunCounts;
import io.samepage.benchmarks.turn.TurnState;
import io.samepage.benchmarks.turn.VerifiedRun;
import io.samepage.samples.network.NetworkData;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The sample's sparse network, of 1,024 neurons, against the same by hand: what it takes from start to end less what its kernels ran by the
 * device's clock. Memory and kernels are there already, and used again by each run; the weights are brought anew.
 */
@BenchmarkMode(Mode.SampleTime)
public class NetworkOutsideKernels {
  /** By which name the network by hand is run in turn: that of its method. */
  public static final String BY_HAND = "lwjgl";

  private static final int NEURONS = 1_024;
  private static final int FEW = 3;

  /** What is computed. */
  @State(Scope.Thread)
  public abstract static class NetworkState extends TurnState<VerifiedRun> {
    /** How many images go in. */
    @Param("64")
    public int images;
    /** Through how many layers. */
    @Param("30")
    public int layers;
    /** How long it warms up, together with a small network; twice as long where two are run in turn, most of whose Java is the same. */
    @Param("4000")
    public int warmMillis;

    NetworkState() {
      super(Order.ALTERNATING, List.of(new RunCounts()));
    }

    /** Makes the networks. */
    @Setup
    public void open() {
      begin(warmMillis, 1);
    }

    NetworkData draw(boolean isSmall) {
      return isSmall ? new DrawnNetwork(FEW, NEURONS, FEW).draw() : new DrawnNetwork(images, NEURONS, layers).draw();
    }
  }

  /** The sample. */
  @State(Scope.Thread)
  public static class Sample extends NetworkState {
    /** How the host gets at the memory. */
    @Param
    public HostAccess.Mode host;

    @Override
    protected VerifiedRun open(boolean isSmall) {
      return new SampleNetwork(draw(isSmall), host);
    }

    @Override
    protected VerifiedRun openOther(String who, boolean isSmall) {
      return who.equals(BY_HAND) ? new RawNetwork(draw(isSmall)) : super.openOther(who, isSmall);
    }
  }

  /** The same by hand. */
  @State(Scope.Thread)
  public static class Raw extends NetworkState {
    @Override
    protected VerifiedRun open(boolean isSmall) {
      return new RawNetwork(draw(isSmall));
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
    state.run(counted, List.of(counts));
  }

  /**
   * Runs the network by hand.
   *
   * @param state the network
   * @param counted where it is entered what that took
   * @param counts where all is entered that it took
   */
  @Benchmark
  public void lwjgl(Raw state, Counted counted, RunCounts counts) {
    state.run(counted, List.of(counts));
  }
}
