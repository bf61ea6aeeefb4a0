package io.samepage.opencl;

import io.samepage.testkit.UnifiedMemoryContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** All that holds for a memory, over two of PoCL's devices. */
@Tag("two-devices")
class TwoOpenClDevicesMemoryContractTest extends UnifiedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }
}
