package io.samepage.cuda;

import io.samepage.MemoryKind;
import io.samepage.testkit.DiscardContract;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Contents that are given up where a device needs the host's frames to stay: on the test double. */
class IntegratedCudaDiscardTest extends DiscardContract {
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
}
