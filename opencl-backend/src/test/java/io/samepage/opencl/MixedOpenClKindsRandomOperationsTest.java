package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Random operations on two of PoCL's devices, of which one uses the host's pages. */
@Tag("two-devices")
class MixedOpenClKindsRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return super.builder().deviceMemoryKind("opencl:0", MemoryKind.COHERENT);
  }

  @Override
  protected int defaultOperations() {
    return 16_000;
  }
}
