package io.samepage.benchmarks.turn;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a benchmark counts by itself, run by run: the time of what is measured, and what that alone allocates, as each run is prepared by
 * what allocates, too. JMH adds up what is public over the iterations that count.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Counted {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** How many operations were counted. */
  public long countedOperations;
  /** What was allocated on the Java heap for them. */
  public long countedBytes;
  private final List<Long> tookNanos = new ArrayList<>();
  private long startBytes;

  /** An iteration begins. */
  @Setup(Level.Iteration)
  public void clear() {
    tookNanos.clear();
  }

  /**
   * What the operations took, if each took as long as the middle one: what others do on the machine falls on few of them.
   *
   * @return nanoseconds; 0 where nothing was counted
   */
  public long countedNanos() {
    return tookNanos.isEmpty() ? 0 : tookNanos.size() * tookNanos.stream().sorted().toList().get(tookNanos.size() / 2);
  }

  /** A run begins. */
  public void start() {
    startBytes = THREADS.getCurrentThreadAllocatedBytes();
  }

  /**
   * A run is over.
   *
   * @param operations how many operations it was
   * @param otherThreadsBytes what other threads allocated for it
   */
  public void stop(long operations, long otherThreadsBytes) {
    countedBytes += THREADS.getCurrentThreadAllocatedBytes() - startBytes + otherThreadsBytes;
    countedOperations += operations;
  }

  /**
   * Enters the time of a run.
   *
   * @param nanos what the run since the last start took
   */
  public void took(long nanos) {
    tookNanos.add(nanos);
  }
}
