package io.samepage.opencl;

import io.samepage.testkit.TransparentContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Memory that is touched as it is, over two of PoCL's devices. */
@Tag("two-devices")
class TwoOpenClDevicesTransparentTest extends TransparentContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }
}
