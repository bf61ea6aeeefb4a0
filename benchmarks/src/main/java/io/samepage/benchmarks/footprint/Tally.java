package io.samepage.benchmarks.footprint;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What a benchmark finds that is not the time of its operations. JMH adds up the public fields over the iterations that count, whole
 * numbers alone. {@link Tallied} reads them.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Tally {
  /** All amounts, added up, in millionths. */
  public long amountMillionths;
  /** How many those are. */
  public long amounts;

  void add(double found) {
    amountMillionths += Math.round(found * Tallied.ONE);
    amounts++;
  }
}
