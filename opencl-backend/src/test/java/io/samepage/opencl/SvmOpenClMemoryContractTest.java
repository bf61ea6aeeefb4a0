package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.UnifiedMemoryContract;
import java.util.List;

/** All that holds for a memory, over PoCL's device, in shared virtual memory. */
class SvmOpenClMemoryContractTest extends UnifiedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.SVM;
  }
}
