package io.samepage.transparent;

import io.samepage.testkit.TouchAdviceContract;
import java.util.List;

class TwoEmbeddedDevicesTouchAdviceTest extends TouchAdviceContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
