package io.samepage.cuda;

import io.samepage.testkit.TransparentContract;
import java.util.List;

/** Memory that is touched as it is, over a device of the test double. */
class CudaTransparentTest extends TransparentContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }
}
