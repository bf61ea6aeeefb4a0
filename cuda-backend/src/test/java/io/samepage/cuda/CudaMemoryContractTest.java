package io.samepage.cuda;

import io.samepage.testkit.UnifiedMemoryContract;
import java.util.List;

/** All that holds for a memory, over a device of the test double. */
class CudaMemoryContractTest extends UnifiedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }
}
