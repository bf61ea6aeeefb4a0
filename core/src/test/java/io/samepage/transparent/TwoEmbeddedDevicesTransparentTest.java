package io.samepage.transparent;

import io.samepage.testkit.TransparentContract;
import java.util.List;

class TwoEmbeddedDevicesTransparentTest extends TransparentContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
