package io.samepage.benchmarks.work;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What a benchmark counts by itself: what the measured part alone allocates, where each operation is prepared by others that allocate
 * too, and a time that is not from start to end. JMH adds up the public fields over the iterations that count.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Counted {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** How many operations were counted. */
  public long countedOperations;
  /** What their thread allocated on the Java heap. */
  public long countedBytes;
  /** What they took; 0 where JMH's own figure is the one. */
  public long countedNanos;

  private long startBytes;

  /** The measured part begins. */
  public void start() {
    startBytes = THREADS.getCurrentThreadAllocatedBytes();
  }

  /**
   * The measured part is over.
   *
   * @param operations how many there were
   */
  public void stop(long operations) {
    countedBytes += THREADS.getCurrentThreadAllocatedBytes() - startBytes;
    countedOperations += operations;
  }

  /**
   * Enters a time that is not from start to end.
   *
   * @param nanos what the operations since the last start took
   */
  public void took(long nanos) {
    countedNanos += nanos;
  }
}
