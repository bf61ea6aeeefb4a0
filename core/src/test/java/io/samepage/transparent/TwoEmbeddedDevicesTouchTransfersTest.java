package io.samepage.transparent;

import io.samepage.testkit.TouchTransfersContract;
import java.util.List;

class TwoEmbeddedDevicesTouchTransfersTest extends TouchTransfersContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
