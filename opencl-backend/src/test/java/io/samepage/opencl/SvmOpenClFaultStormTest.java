package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.FaultStorm;
import java.time.Duration;
import java.util.List;

/** Touches of memory of arenas that migrates, in a memory whose other ranges are shared virtual memory. */
class SvmOpenClFaultStormTest extends FaultStorm {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.SVM;
  }

  @Override
  protected Duration usualLength() {
    return Duration.ofMillis(500);
  }
}
