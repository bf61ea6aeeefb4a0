package io.samepage.contract;

import io.samepage.MemoryKind;
import io.samepage.testkit.UnifiedMemoryContract;
import java.util.List;

/** All that holds for a memory, over a device that uses the host's pages. */
class CoherentDeviceContractTest extends UnifiedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }
}
