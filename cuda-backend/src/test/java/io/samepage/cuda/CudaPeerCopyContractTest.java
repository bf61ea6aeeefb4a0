package io.samepage.cuda;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.PeerCopyContract;

/** What two devices of the test double copy to each other. */
class CudaPeerCopyContractTest extends PeerCopyContract {
  private static final CudaBackend BACKEND = new CudaBackend();

  @Override
  protected DeviceBackend backend() {
    return BACKEND;
  }
}
