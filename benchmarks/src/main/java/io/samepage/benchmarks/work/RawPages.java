package io.samepage.benchmarks.work;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** As many bytes as the scattered pages have, in one run. Before each copy the host touches them, as it does the scattered ones. */
@State(Scope.Thread)
public class RawPages {
  /** How long it warms up. */
  @Param("3000")
  public int warmMillis;

  private RawDevice device;
  private long count;

  /** Makes queue and buffer. */
  @Setup
  public void open() {
    device = new RawDevice(Scatter.BYTES);
    WarmUp.run(warmMillis, () -> {
      write();
      device.write();
      device.read();
    });
  }

  /** The host writes. */
  @Setup(Level.Invocation)
  public void write() {
    Pages.touch(device.host(), ++count);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    device.close();
  }

  RawDevice device() {
    return device;
  }
}
