package io.samepage.cuda;

import io.samepage.MemoryKind;
import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random operations over a device of the test double that uses what is registered of the host's pages. */
class IntegratedCudaRandomOperationsTest extends RandomOperations {
  @RegisterExtension
  static final DoubleDevices DEVICES = new DoubleDevices(() -> DoubleNative.isIntegrated(0));

  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
