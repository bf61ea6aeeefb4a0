package io.samepage.contract;

import io.samepage.testkit.SeveralDevicesContract;
import java.util.List;

class TwoEmbeddedDevicesTest extends SeveralDevicesContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
