package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.FaultStorm;
import java.time.Duration;
import java.util.List;

/** Touches of pages that PoCL's kernels are at work on where the host has them, while garbage is collected. */
class CoherentOpenClFaultStormTest extends FaultStorm {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }

  @Override
  protected Duration usualLength() {
    return Duration.ofMillis(500);
  }
}
