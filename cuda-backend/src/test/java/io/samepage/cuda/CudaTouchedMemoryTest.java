package io.samepage.cuda;

import io.samepage.testkit.TouchedMemoryContract;
import java.util.List;

/** What programs do with touched memory, over a device of the test double. */
class CudaTouchedMemoryTest extends TouchedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }
}
