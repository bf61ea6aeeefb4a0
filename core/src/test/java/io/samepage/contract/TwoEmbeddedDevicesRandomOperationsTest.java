package io.samepage.contract;

import io.samepage.testkit.RandomOperations;
import java.util.List;

class TwoEmbeddedDevicesRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
