package io.samepage.cuda;

import io.samepage.testkit.ThreadStress;
import java.util.List;

/** Many threads at once, over two devices of the test double. */
class TwoCudaDevicesThreadStressTest extends ThreadStress {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }
}
