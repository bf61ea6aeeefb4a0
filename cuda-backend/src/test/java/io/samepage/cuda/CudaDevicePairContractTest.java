package io.samepage.cuda;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.DevicePairContract;

/** What two devices of the test double do side by side. */
class CudaDevicePairContractTest extends DevicePairContract {
  private static final CudaBackend BACKEND = new CudaBackend();

  @Override
  protected DeviceBackend backend() {
    return BACKEND;
  }
}
