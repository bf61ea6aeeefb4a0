package io.samepage.benchmarks.cuda;

import io.samepage.HostAccess;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.work.BenchmarkMemory;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.pipeline.Pipeline;
import io.samepage.samples.pipeline.PipelineShape;

/** Ours: the sample. */
final class SampleRun implements CudaRun {
  private final UnifiedMemory memory;
  private final HostSpace space;
  private final Pipeline pipeline;

  SampleRun(PipelineShape shape, HostAccess.Mode host) {
    memory = BenchmarkMemory.open();
    space = HostSpace.open(memory, host);
    pipeline = new Pipeline(space, shape);
  }

  @Override
  public long run() {
    StageMeter meter = new StageMeter(memory, stage -> { });
    double before = pipeline.kernelSeconds();
    pipeline.run(meter);
    return Math.round((meter.total().seconds() - (pipeline.kernelSeconds() - before)) * 1e9);
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
