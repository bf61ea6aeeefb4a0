package io.samepage.contract;

import io.samepage.testkit.ThreadStress;
import java.util.List;

class TwoEmbeddedDevicesThreadStressTest extends ThreadStress {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
