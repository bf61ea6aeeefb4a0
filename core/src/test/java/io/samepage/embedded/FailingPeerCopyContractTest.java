package io.samepage.embedded;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.PeerCopyContract;
import io.samepage.testkit.node.FailingBackend;

/** A failing back end that is not told to fail does what the one inside does. */
class FailingPeerCopyContractTest extends PeerCopyContract {
  private final FailingBackend backend = new FailingBackend(new EmbeddedBackend());

  @Override
  protected DeviceBackend backend() {
    return backend;
  }
}
