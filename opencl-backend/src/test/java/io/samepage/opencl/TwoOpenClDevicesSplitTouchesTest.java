package io.samepage.opencl;

import io.samepage.testkit.SplitTouchesContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("two-devices")
class TwoOpenClDevicesSplitTouchesTest extends SplitTouchesContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }
}
