package io.samepage.contract;

import io.samepage.testkit.SplitLaunchesContract;
import java.util.List;

class TwoEmbeddedDevicesSplitLaunchesTest extends SplitLaunchesContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
