package io.samepage.contract;

import io.samepage.testkit.SplitTouchesContract;
import java.util.List;

class TwoEmbeddedDevicesSplitTouchesTest extends SplitTouchesContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
