package io.samepage.cuda;

import io.samepage.testkit.HostPagesContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same over one whose kernels can use what is registered. */
class IntegratedCudaHostPagesTest extends HostPagesContract {
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
}
