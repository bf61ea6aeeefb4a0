package io.samepage.benchmarks.network;

import io.samepage.HostAccess;
import io.samepage.MemoryStatistics;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.turn.VerifiedRun;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.network.Network;
import io.samepage.samples.network.NetworkData;

/** Ours: the sample. */
final class SampleNetwork implements VerifiedRun {
  private final UnifiedMemory memory;
  private final HostSpace space;
  private final Network network;

  SampleNetwork(NetworkData data, HostAccess.Mode host) {
    memory = BenchmarkMemory.open();
    space = HostSpace.open(memory, host);
    network = new Network(space, data);
  }

  @Override
  public long run() {
    StageMeter meter = new StageMeter(memory, stage -> { });
    network.run(meter);
    return Math.round(meter.total().seconds() * 1e9);
  }

  @Override
  public long kernelNanos() {
    return Math.round(network.kernelSeconds() * 1e9);
  }

  @Override
  public long movedBytes() {
    MemoryStatistics moved = memory.statistics();
    return moved.bytesToDevice() + moved.bytesToHost();
  }

  @Override
  public Verdict verify() {
    return network.verify();
  }

  @Override
  public void close() {
    space.close();
    memory.close();
  }
}
