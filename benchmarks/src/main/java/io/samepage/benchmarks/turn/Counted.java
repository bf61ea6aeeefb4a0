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
 * What a benchmark counts by itself: what the measured part alone allocates, where each operation is prepared by others that allocate
 * too, and a time that is not from start to end. JMH adds up what is public over the iterations that count.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Counted {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** How many operations were counted. */
  public long countedOperations;
  /** What their thread allocated on the Java heap. */
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
   * @return nanoseconds; 0 where JMH's own figure is the one
   */
  public long countedNanos() {
    return tookNanos.isEmpty() ? 0 : tookNanos.size() * tookNanos.stream().sorted().toList().get(tookNanos.size() / 2);
  }

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
   * @param nanos what the operation since the last start took
   */
  public void took(long nanos) {
    tookNanos.add(nanos);
  }
}
