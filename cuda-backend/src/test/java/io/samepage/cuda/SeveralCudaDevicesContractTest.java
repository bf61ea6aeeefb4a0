package io.samepage.cuda;

import io.samepage.testkit.SeveralDevicesContract;
import java.util.List;

/** What several devices of one memory do together, over two of the test double's. */
class SeveralCudaDevicesContractTest extends SeveralDevicesContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }
}
