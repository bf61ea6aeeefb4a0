package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Memory that is moved as a whole, against as much that the raw driver copies. */
@State(Scope.Thread)
public abstract class BulkState extends TimedState {
  private static final long LITTLE_BYTES = 64 << 10;

  /** How much is moved. */
  @Param({"2", "16", "256"})
  public int sizeMib;

  BulkState() {}

  final long sizeBytes(boolean isSmall) {
    return isSmall ? LITTLE_BYTES : (long) sizeMib << 20;
  }
}
