package io.samepage.opencl;

import io.samepage.testkit.FaultStorm;
import java.util.List;

/** Touches of memory that migrates to and from PoCL's device, while garbage is collected. */
class OpenClFaultStormTest extends FaultStorm {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
