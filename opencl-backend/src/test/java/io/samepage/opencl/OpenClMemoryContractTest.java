package io.samepage.opencl;

import io.samepage.testkit.UnifiedMemoryContract;
import java.util.List;

/** All that holds for a memory, over PoCL's device. */
class OpenClMemoryContractTest extends UnifiedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
