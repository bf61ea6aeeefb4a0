package io.samepage.cuda;

import io.samepage.testkit.HostPagesContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What is said of devices that use the host's pages, over one of the test double whose kernels can use all of it. */
class CudaHostPagesTest extends HostPagesContract {
  @BeforeAll
  static void makeDevices() {
    DoubleNative.reset();
    DoubleNative.usesAllHostMemory(0);
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
