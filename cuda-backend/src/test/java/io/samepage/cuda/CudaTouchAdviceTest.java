package io.samepage.cuda;

import io.samepage.testkit.TouchAdviceContract;
import java.util.List;

/** Memory that is touched as it is, over a device of the test double. */
class CudaTouchAdviceTest extends TouchAdviceContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }
}
