package io.samepage.cuda;

import io.samepage.node.DeviceBackend;
import io.samepage.testkit.node.SparseWindowContract;

/** What a device of the test double does with address space, parts of which have memory. */
class CudaSparseWindowContractTest extends SparseWindowContract {
  private static final CudaBackend BACKEND = new CudaBackend();

  @Override
  protected DeviceBackend backend() {
    return BACKEND;
  }
}
