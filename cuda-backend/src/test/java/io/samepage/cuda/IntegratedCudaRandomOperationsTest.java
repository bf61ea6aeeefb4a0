package io.samepage.cuda;

import io.samepage.MemoryKind;
import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Random operations over a device of the test double that uses what is registered of the host's pages. */
class IntegratedCudaRandomOperationsTest extends RandomOperations {
  @BeforeAll
  static void makeDevices() {
    DoubleNative.reset();
    DoubleNative.isIntegrated(0);
  }

  @AfterAll
  static void forgetDevices() {
    DoubleNative.reset();
  }

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
    return 2_000;
  }
}
