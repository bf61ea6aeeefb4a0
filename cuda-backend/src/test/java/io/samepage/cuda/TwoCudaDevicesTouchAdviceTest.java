package io.samepage.cuda;

import io.samepage.testkit.TouchAdviceContract;
import java.util.List;

/** Memory that is touched as it is, over two devices of the test double. */
class TwoCudaDevicesTouchAdviceTest extends TouchAdviceContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }
}
