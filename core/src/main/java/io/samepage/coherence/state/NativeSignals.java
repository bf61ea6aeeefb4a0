package io.samepage.coherence.state;

import io.samepage.host.Signals;
import io.samepage.node.DriverSignals;

/** The native library's signals, for nodes. */
final class NativeSignals implements DriverSignals {
  @Override
  public long callAddress() {
    return Signals.callAddress();
  }

  @Override
  public long open() {
    return Signals.open();
  }

  @Override
  public boolean await(long signal, long timeoutNanos) {
    return Signals.await(signal, timeoutNanos);
  }

  @Override
  public void drop(long signal, boolean wasGiven) {
    Signals.drop(signal, wasGiven);
  }
}
