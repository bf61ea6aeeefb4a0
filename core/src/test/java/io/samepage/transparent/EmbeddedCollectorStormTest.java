package io.samepage.transparent;

import io.samepage.testkit.process.CollectorStorm;
import java.util.List;

class EmbeddedCollectorStormTest extends CollectorStorm {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }

  @Override
  protected long usualFaults() {
    return 60_000;
  }

  @Override
  protected long usualSeconds() {
    return 2;
  }
}
