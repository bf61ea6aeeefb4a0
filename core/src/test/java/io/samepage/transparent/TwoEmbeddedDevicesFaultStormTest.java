package io.samepage.transparent;

import io.samepage.testkit.FaultStorm;
import java.util.List;

class TwoEmbeddedDevicesFaultStormTest extends FaultStorm {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
