package io.samepage.opencl;

import io.samepage.testkit.TouchedMemoryContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** What programs do with touched memory, over two of PoCL's devices. */
@Tag("two-devices")
class TwoOpenClDevicesTouchedMemoryTest extends TouchedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }
}
