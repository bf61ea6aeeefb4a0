package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.RunCounts;
import io.samepage.benchmarks.turn.TurnState;
import io.samepage.samples.pipeline.PipelineShape;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The pipeline as one of those does it who are compared, or as two do in turn. */
@State(Scope.Thread)
public abstract class PipelineState extends TurnState<PipelineRun> {
  private static final int ROUNDS = 3;
  private static final long SEED = 42;
  private static final int WARM_SIZE = 48;

  /** How large the matrices are. */
  @Param("512")
  public int size;
  /** How long it warms up, together with small matrices: so long that the JVM has compiled everything, as the runs that count are few. */
  @Param("12000")
  public int warmMillis;
  /** Runs before those that count, in which the small matrices' leavings go. */
  @Param("3")
  public int settlingRuns;

  /** Nothing is there yet. */
  protected PipelineState() {
    super(Order.ALTERNATING, List.of(new RunCounts(), new StageCounts()));
  }

  /**
   * What is computed.
   *
   * @param size how large the matrices are
   * @return the shape
   */
  public static PipelineShape shape(int size) {
    return PipelineShape.square(size, ROUNDS, SEED);
  }

  /**
   * Makes a pipeline.
   *
   * @param shape its sizes
   * @return the pipeline
   */
  protected abstract PipelineRun open(PipelineShape shape);

  @Override
  protected final PipelineRun open(boolean isSmall) {
    return open(shape(isSmall));
  }

  /**
   * The shape of this one.
   *
   * @param isSmall with small matrices, to warm up
   * @return the shape
   */
  protected final PipelineShape shape(boolean isSmall) {
    return shape(isSmall ? WARM_SIZE : size);
  }

  /** Makes the pipelines. */
  @Setup
  public void open() {
    begin(warmMillis, settlingRuns);
  }

  /**
   * Runs it once, and the other one before or after, if there is one.
   *
   * @param counted where it is entered what that took outside of kernels
   * @param counts where all is entered that it took
   * @param stages where it is entered what its stages took
   */
  public void run(Counted counted, RunCounts counts, StageCounts stages) {
    run(counted, List.of(counts, stages));
  }
}
