package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.UnifiedMemoryContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** All that holds for a memory, over two of PoCL's devices in the host's own pages. */
@Tag("two-devices")
class TwoCoherentOpenClDevicesMemoryContractTest extends UnifiedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }
}
