package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.turn.RunSums;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What the stages of the pipeline take and move, whoever computes it. JMH adds up the public fields over the iterations that count; how
 * many runs those are stands in {@link io.samepage.benchmarks.turn.RunCounts}.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class StageCounts implements RunSums<PipelineRun> {
  /** Nanoseconds in which the host fills A and B. */
  public long fillNanosCount;
  /** Nanoseconds in which the host writes a row of A anew. */
  public long changeRowNanosCount;
  /** Nanoseconds in which devices compute C and the host scales it. */
  public long multiplyScaleNanosCount;
  /** Nanoseconds in which devices compute D and the host reads its diagonal. */
  public long gramDiagonalNanosCount;
  /** Bytes that filling moves. */
  public long fillBytesCount;
  /** Bytes that writing a row moves. */
  public long changeRowBytesCount;
  /** Bytes that computing C and scaling it moves. */
  public long multiplyScaleBytesCount;
  /** Bytes that computing D and reading its diagonal moves. */
  public long gramDiagonalBytesCount;
  /** Bytes that a run must move at least, where that is known. */
  public long leastBytesCount;
  /** Bytes that a run would move that copies every argument at every launch, where that is known. */
  public long everyArgumentBytesCount;

  @Override
  public void add(PipelineRun run, long wholeNanos, long kernelNanos, long movedBytes) {
    run.stages().forEach(this::add);
    List<Long> bounds = run.boundsBytes();
    leastBytesCount += bounds.getFirst();
    everyArgumentBytesCount += bounds.getLast();
  }

  private void add(StageCost stage) {
    switch (stage.name()) {
      case "fill" -> {
        fillNanosCount += stage.nanos();
        fillBytesCount += stage.movedBytes();
      }
      case "change row" -> {
        changeRowNanosCount += stage.nanos();
        changeRowBytesCount += stage.movedBytes();
      }
      case "multiply, scale" -> {
        multiplyScaleNanosCount += stage.nanos();
        multiplyScaleBytesCount += stage.movedBytes();
      }
      case "gram, diagonal" -> {
        gramDiagonalNanosCount += stage.nanos();
        gramDiagonalBytesCount += stage.movedBytes();
      }
      default -> throw new IllegalStateException("A stage that is not known: name=" + stage.name());
    }
  }
}
