package io.samepage.embedded;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.PeerCopyContract;

class EmbeddedPeerCopyContractTest extends PeerCopyContract {
  private final EmbeddedBackend backend = new EmbeddedBackend();

  @Override
  protected DeviceBackend backend() {
    return backend;
  }
}
