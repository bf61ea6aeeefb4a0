package io.samepage.transparent;

import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;

class TwoEmbeddedDevicesTransparentRandomOperationsTest extends TransparentRandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }

  @Override
  protected int defaultOperations() {
    return 60_000;
  }
}
