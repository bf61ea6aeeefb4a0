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
@State(Scope.Thread)
public class NetworkOutsideKernels extends TurnState<VerifiedRun> {
  /** By which name the network by hand is run in turn. */
  public static final String BY_HAND = "byHand";

  private static final int NEURONS = 1_024;
  private static final int FEW = 3;

  /** How many images go in. */
  @Param("64")
  public int images;
  /** Through how many layers. */
  @Param("30")
  public int layers;
  /** How the host gets at the sample's memory. */
  @Param
  public HostAccess.Mode host;
  /** How long it warms up, together with a small network; twice as long where two are run in turn, most of whose Java is the same. */
  @Param("4000")
  public int warmMillis;

  /** Each of them is behind the other one every other time. */
  public NetworkOutsideKernels() {
    super(Order.ALTERNATING, List.of(new RunCounts()));
  }

  /** Makes the networks. */
  @Setup
  public void open() {
    begin(warmMillis, 1);
  }

  @Override
  protected VerifiedRun open(boolean isSmall) {
    return new SampleNetwork(draw(isSmall), host);
  }

  @Override
  protected VerifiedRun openOther(String who, boolean isSmall) {
    return who.equals(BY_HAND) ? new RawNetwork(draw(isSmall)) : super.openOther(who, isSmall);
  }

  private NetworkData draw(boolean isSmall) {
    return isSmall ? new DrawnNetwork(FEW, NEURONS, FEW).draw() : new DrawnNetwork(images, NEURONS, layers).draw();
  }

  /**
   * Runs the sample, and the network by hand before or after, if it is run in turn.
   *
   * @param counted where it is entered what that took outside of kernels
   * @param counts where all is entered that it took
   */
  @Benchmark
  public void outsideKernels(Counted counted, RunCounts counts) {
    run(counted, List.of(counts));
  }
}
