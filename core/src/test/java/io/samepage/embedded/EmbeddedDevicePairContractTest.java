package io.samepage.embedded;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.DevicePairContract;

class EmbeddedDevicePairContractTest extends DevicePairContract {
  private final EmbeddedBackend backend = new EmbeddedBackend();

  @Override
  protected DeviceBackend backend() {
    return backend;
  }
}
