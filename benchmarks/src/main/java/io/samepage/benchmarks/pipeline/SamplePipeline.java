package io.samepage.benchmarks.pipeline;

import io.samepage.HostAccess;
import io.samepage.MemoryKind;
import io.samepage.MemoryStatistics;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.samples.accounting.Stage;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.pipeline.Pipeline;
import io.samepage.samples.pipeline.PipelineShape;
import java.util.List;
import java.util.stream.Stream;

/** Ours: the sample. */
public final class SamplePipeline implements PipelineRun {
  private final UnifiedMemory memory;
  private final HostSpace space;
  private final Pipeline pipeline;
  private StageMeter meter;
  private long movedBytes;

  /**
   * Opens a memory over the device that is measured, and makes the pipeline.
   *
   * @param shape its sizes
   * @param kind where the device keeps pages
   * @param host how the host gets at the matrices
   */
  public SamplePipeline(PipelineShape shape, MemoryKind kind, HostAccess.Mode host) {
    memory = BenchmarkMemory.open(kind);
    space = HostSpace.open(memory, host);
    pipeline = new Pipeline(space, shape);
  }

  @Override
  public long run() {
    meter = new StageMeter(memory, stage -> { });
    MemoryStatistics before = memory.statistics();
    pipeline.run(meter);
    MemoryStatistics after = memory.statistics();
    movedBytes += after.bytesToDevice() - before.bytesToDevice() + after.bytesToHost() - before.bytesToHost();
    return nanos(meter.total());
  }

  @Override
  public List<StageCost> stages() {
    return meter.stages().stream().map(stage -> new StageCost(stage.name(), nanos(stage), stage.bytesToDevice() + stage.bytesToHost()))
        .toList();
  }

  private static long nanos(Stage stage) {
    return Math.round(stage.seconds() * 1e9);
  }

  @Override
  public List<Long> boundsBytes() {
    return Stream.of(pipeline.least(), pipeline.naive()).map(traffic -> traffic.toDevice() + traffic.toHost()).toList();
  }

  @Override
  public long kernelNanos() {
    return Math.round(pipeline.kernelSeconds() * 1e9);
  }

  @Override
  public long movedBytes() {
    return movedBytes;
  }

  @Override
  public Verdict verify() {
    return pipeline.verify();
  }

  @Override
  public void close() {
    space.close();
    memory.close();
  }
}
