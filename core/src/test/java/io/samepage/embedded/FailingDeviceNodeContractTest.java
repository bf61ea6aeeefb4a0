package io.samepage.embedded;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.DeviceNodeContract;
import io.samepage.testkit.node.FailingBackend;

/** A failing back end that is not told to fail does what the one inside does. */
class FailingDeviceNodeContractTest extends DeviceNodeContract {
  private final FailingBackend backend = new FailingBackend(new EmbeddedBackend());

  @Override
  protected DeviceBackend backend() {
    return backend;
  }

  @Override
  protected boolean compilesText() {
    return false;
  }
}
