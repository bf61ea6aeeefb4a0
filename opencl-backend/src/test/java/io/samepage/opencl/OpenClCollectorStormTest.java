package io.samepage.opencl;

import io.samepage.testkit.process.CollectorStorm;
import java.util.List;

/** The storms on PoCL's device: fewer faults, as each takes longer. */
class OpenClCollectorStormTest extends CollectorStorm {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected long usualFaults() {
    return 3_000;
  }

  @Override
  protected long usualSeconds() {
    return 1;
  }
}
