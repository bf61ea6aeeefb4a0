package io.samepage.cuda;

import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random operations on two devices of the test double, of which one uses the host's pages. */
class MixedCudaKindsRandomOperationsTest extends RandomOperations {
  @RegisterExtension
  static final DoubleDevices DEVICES = new DoubleDevices(() -> DoubleNative.usesAllHostMemory(0));

  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return super.builder().deviceMemoryKind("cuda:0", MemoryKind.COHERENT);
  }

  @Override
  protected int defaultOperations() {
    return 16_000;
  }
}
