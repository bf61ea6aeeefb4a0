package io.samepage.cuda;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.DeviceNodeContract;

/** What a device of the test double does. */
class CudaDeviceNodeContractTest extends DeviceNodeContract {
  private static final CudaBackend BACKEND = new CudaBackend();

  @Override
  protected DeviceBackend backend() {
    return BACKEND;
  }
}
