package io.samepage.cuda;

import io.samepage.MemoryKind;
import io.samepage.testkit.DiscardContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Contents that are given up where a device needs the host's frames to stay: on the test double. */
class IntegratedCudaDiscardTest extends DiscardContract {
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
}
