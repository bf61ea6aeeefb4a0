package io.samepage.cuda;

import io.samepage.testkit.TouchedMemoryContract;
import java.util.List;

/** What programs do with touched memory, over two devices of the test double. */
class TwoCudaDevicesTouchedMemoryTest extends TouchedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }
}
