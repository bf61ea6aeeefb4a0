package io.samepage.opencl;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.DevicePairContract;
import org.junit.jupiter.api.Tag;

@Tag("two-devices")
class OpenClDevicePairContractTest extends DevicePairContract {
  private static final OpenClBackend BACKEND = new OpenClBackend();

  @Override
  protected DeviceBackend backend() {
    return BACKEND;
  }
}
