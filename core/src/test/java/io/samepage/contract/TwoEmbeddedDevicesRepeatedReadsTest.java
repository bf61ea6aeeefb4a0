package io.samepage.contract;

import io.samepage.testkit.RepeatedReads;
import java.util.List;

class TwoEmbeddedDevicesRepeatedReadsTest extends RepeatedReads {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
