package io.samepage.opencl;

import io.samepage.testkit.SplitLaunchesContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("two-devices")
class TwoOpenClDevicesSplitLaunchesTest extends SplitLaunchesContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }
}
