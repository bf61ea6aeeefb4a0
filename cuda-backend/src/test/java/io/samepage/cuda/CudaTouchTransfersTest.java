package io.samepage.cuda;

import io.samepage.testkit.TouchTransfersContract;
import java.util.List;

/** Memory that is touched as it is, over a device of the test double. */
class CudaTouchTransfersTest extends TouchTransfersContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }
}
