package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Random operations against a plain model, over two of PoCL's devices that both use the host's own pages. */
@Tag("two-devices")
class TwoCoherentOpenClDevicesRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }

  @Override
  protected int defaultOperations() {
    return 12_000;
  }
}
