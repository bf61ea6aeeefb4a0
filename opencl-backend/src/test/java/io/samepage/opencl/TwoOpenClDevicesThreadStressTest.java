package io.samepage.opencl;

import io.samepage.testkit.ThreadStress;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Many threads at once, over two of PoCL's devices. */
@Tag("two-devices")
class TwoOpenClDevicesThreadStressTest extends ThreadStress {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }
}
