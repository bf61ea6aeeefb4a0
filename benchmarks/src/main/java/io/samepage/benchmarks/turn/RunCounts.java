package io.samepage.benchmarks.turn;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What whole runs take and move beside the time that is compared. JMH adds up the public fields over the iterations that count. */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class RunCounts implements RunSums<CountedRun> {
  /** How many runs. */
  public long amounts;
  /** What they took from start to end. */
  public long wholeNanosCount;
  /** How long kernels ran in them, by their device's clock. */
  public long kernelNanosCount;
  /** How many bytes they copied between host and device, both ways. */
  public long movedBytesCount;

  @Override
  public void add(CountedRun run, long wholeNanos, long kernelNanos, long movedBytes) {
    amounts++;
    wholeNanosCount += wholeNanos;
    kernelNanosCount += kernelNanos;
    movedBytesCount += movedBytes;
  }
}
