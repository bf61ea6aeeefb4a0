package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Random operations in the shared virtual memory of two of PoCL's devices, which are in one context. */
@Tag("two-devices")
class TwoSvmOpenClDevicesRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.SVM;
  }

  @Override
  protected int defaultOperations() {
    return 16_000;
  }
}
