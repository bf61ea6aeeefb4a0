package io.samepage.benchmarks.footprint;

import io.samepage.HostAccess;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.work.BenchmarkMemory;
import io.samepage.samples.accounting.Stage;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.pipeline.Pipeline;
import io.samepage.samples.pipeline.PipelineShape;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The sample's matrix pipeline, kernels and all, stage by stage: how long each takes and what it moves. */
@BenchmarkMode(Mode.SampleTime)
public class PipelineStages {
  private static final int ROUNDS = 3;
  private static final long SEED = 42;
  private static final int WARM_RUNS = 3;

  /** The sample. */
  @State(Scope.Thread)
  public static class Sample {
    /** How large the matrices are. */
    @Param("512")
    public int size;
    /** How the host gets at them. */
    @Param
    public HostAccess.Mode host;

    private UnifiedMemory memory;
    private HostSpace space;
    private Pipeline pipeline;

    /** Makes the pipeline. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      space = HostSpace.open(memory, host);
      pipeline = new Pipeline(space, PipelineShape.square(size, ROUNDS, SEED));
      for (int i = 0; i < WARM_RUNS; i++) {
        run();
      }
    }

    private StageMeter run() {
      StageMeter meter = new StageMeter(memory, stage -> { });
      pipeline.run(meter);
      return meter;
    }

    /** Verifies the last run; gives everything back. */
    @TearDown
    public void close() {
      var verdict = pipeline.verify();
      if (!verdict.verified()) {
        throw new IllegalStateException("The pipeline computed something else: " + verdict.explanation());
      }
      space.close();
      memory.close();
    }
  }

  /** What the stages take and move, as {@link Tallied} reads it; in the sample's order. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Stages {
    /** How many runs. */
    public long amounts;
    /** All of what runs take, as {@link Tally#amountMillionths}. */
    public long amountMillionths;
    /** Nanoseconds in which the host fills A and B. */
    public long fillNanosCount;
    /** Nanoseconds in which the host writes a row of A anew. */
    public long changeRowNanosCount;
    /** Nanoseconds in which devices compute C. */
    public long multiplyNanosCount;
    /** Nanoseconds in which the host scales C. */
    public long scaleNanosCount;
    /** Nanoseconds in which devices compute D. */
    public long gramNanosCount;
    /** Nanoseconds in which the host reads the diagonal of D. */
    public long diagonalNanosCount;
    /** Bytes that filling moves. */
    public long fillBytesCount;
    /** Bytes that writing a row moves. */
    public long changeRowBytesCount;
    /** Bytes that computing C moves. */
    public long multiplyBytesCount;
    /** Bytes that scaling moves. */
    public long scaleBytesCount;
    /** Bytes that computing D moves. */
    public long gramBytesCount;
    /** Bytes that reading the diagonal moves. */
    public long diagonalBytesCount;
    /** Bytes that a run must move at least. */
    public long leastBytesCount;
    /** Bytes that a run would move that copies every argument at every launch. */
    public long everyArgumentBytesCount;

    private void add(Pipeline pipeline, StageMeter meter) {
      amounts++;
      amountMillionths += Math.round(meter.total().seconds() * 1e9 * Tallied.ONE);
      leastBytesCount += pipeline.least().toDevice() + pipeline.least().toHost();
      everyArgumentBytesCount += pipeline.naive().toDevice() + pipeline.naive().toHost();
      meter.stages().forEach(this::add);
    }

    private void add(Stage stage) {
      long nanos = Math.round(stage.seconds() * 1e9);
      long bytes = stage.bytesToDevice() + stage.bytesToHost();
      switch (stage.name()) {
        case "fill" -> {
          fillNanosCount += nanos;
          fillBytesCount += bytes;
        }
        case "change row" -> {
          changeRowNanosCount += nanos;
          changeRowBytesCount += bytes;
        }
        case "multiply" -> {
          multiplyNanosCount += nanos;
          multiplyBytesCount += bytes;
        }
        case "scale" -> {
          scaleNanosCount += nanos;
          scaleBytesCount += bytes;
        }
        case "gram" -> {
          gramNanosCount += nanos;
          gramBytesCount += bytes;
        }
        case "diagonal" -> {
          diagonalNanosCount += nanos;
          diagonalBytesCount += bytes;
        }
        default -> throw new IllegalStateException("A stage that is not known: name=" + stage.name());
      }
    }
  }

  /**
   * Runs the sample.
   *
   * @param state the sample
   * @param stages where it is entered what its stages took
   */
  @Benchmark
  public void samepage(Sample state, Stages stages) {
    stages.add(state.pipeline, state.run());
  }
}
