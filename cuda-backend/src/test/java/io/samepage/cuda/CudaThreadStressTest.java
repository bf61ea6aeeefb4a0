package io.samepage.cuda;

import io.samepage.testkit.ThreadStress;
import java.util.List;

/** Many threads at once, over a device of the test double. */
class CudaThreadStressTest extends ThreadStress {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }
}
