package io.samepage.cuda;

import io.samepage.testkit.HostPagesContract;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same over one whose kernels can use what is registered. */
class IntegratedCudaHostPagesTest extends HostPagesContract {
  @RegisterExtension
  static final DoubleDevices DEVICES = new DoubleDevices(() -> DoubleNative.isIntegrated(0));

  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }
}
