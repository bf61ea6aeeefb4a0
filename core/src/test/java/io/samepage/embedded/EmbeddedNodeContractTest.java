package io.samepage.embedded;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.DeviceNodeContract;

class EmbeddedNodeContractTest extends DeviceNodeContract {
  private final EmbeddedBackend backend = new EmbeddedBackend();

  @Override
  protected DeviceBackend backend() {
    return backend;
  }

  @Override
  protected boolean compilesText() {
    return false;
  }
}
