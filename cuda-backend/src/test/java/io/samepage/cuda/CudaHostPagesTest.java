package io.samepage.cuda;

import io.samepage.testkit.HostPagesContract;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is said of devices that use the host's pages, over one of the test double whose kernels can use all of it. */
class CudaHostPagesTest extends HostPagesContract {
  @RegisterExtension
  static final DoubleDevices DEVICES = new DoubleDevices(() -> DoubleNative.usesAllHostMemory(0));

  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }
}
