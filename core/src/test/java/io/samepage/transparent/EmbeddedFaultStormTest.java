package io.samepage.transparent;

import io.samepage.testkit.FaultStorm;
import java.util.List;

class EmbeddedFaultStormTest extends FaultStorm {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
