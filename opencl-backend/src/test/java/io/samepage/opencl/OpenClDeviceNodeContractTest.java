package io.samepage.opencl;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.DeviceNodeContract;

class OpenClDeviceNodeContractTest extends DeviceNodeContract {
  private static final OpenClBackend BACKEND = new OpenClBackend();

  @Override
  protected DeviceBackend backend() {
    return BACKEND;
  }
}
