package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.turn.WarmUp;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/** What both sides have in common that submit launches: the device is made busy before each measured part, and checked behind. */
@State(Scope.Thread)
public abstract class LaunchState {
  /**
   * How long it warms up: so long that the JVM has compiled all of a launch, as behind a kernel that takes one of few processors it
   * gets to it late. With 0 launches may take longer than the device is busy, and their figures mean nothing.
   */
  @Param("3000")
  public int warmMillis;

  private Launches launches;

  /** Nothing is there yet. */
  protected LaunchState() {}

  /** Launches are submitted again and again. */
  interface Launches {
    /** How many are submitted behind the one that keeps the device busy. */
    int COUNT = 1_000;

    /** Makes the device busy. */
    void occupy();

    /** What is measured. */
    void submit();

    /** Waits, and checks what was submitted; answers whether the device was still busy with the first one then. */
    boolean check();

    /** Waits. */
    void await();
  }

  /**
   * These are measured: they are submitted so long before, as they will be and on an idle device, where the JVM takes other ways through
   * the same code.
   */
  void prepare(Launches prepared) {
    launches = prepared;
    submitIdle();
    WarmUp.run(warmMillis, this::submitIdle, this::submitBusy);
  }

  private void submitIdle() {
    launches.submit();
    launches.await();
  }

  private void submitBusy() {
    launches.occupy();
    launches.submit();
    launches.check();
  }

  /** What is measured. */
  void submit() {
    launches.submit();
  }

  /** Makes the device busy. */
  @Setup(Level.Invocation)
  public void occupy() {
    launches.occupy();
  }

  /**
   * Checks that all was submitted while the device was busy.
   *
   * @param iteration whether it counts
   */
  @TearDown(Level.Invocation)
  public void check(IterationParams iteration) {
    boolean wasBusy = launches.check();
    // At first everything is slow, and nothing of that counts.
    if (!wasBusy && warmMillis > 0 && iteration.getType() == IterationType.MEASUREMENT) {
      throw new IllegalStateException("The device was no longer busy when the last launch was submitted: launches=" + Launches.COUNT);
    }
  }
}
