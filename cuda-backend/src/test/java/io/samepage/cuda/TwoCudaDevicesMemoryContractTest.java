package io.samepage.cuda;

import io.samepage.testkit.UnifiedMemoryContract;
import java.util.List;

/** All that holds for a memory, over two devices of the test double. */
class TwoCudaDevicesMemoryContractTest extends UnifiedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }
}
