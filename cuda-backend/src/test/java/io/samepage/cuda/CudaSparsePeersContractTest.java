package io.samepage.cuda;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.SparsePeersContract;

/** What two devices of the test double do with address space, parts of which have memory. */
class CudaSparsePeersContractTest extends SparsePeersContract {
  private static final CudaBackend BACKEND = new CudaBackend();

  @Override
  protected DeviceBackend backend() {
    return BACKEND;
  }
}
