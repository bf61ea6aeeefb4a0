package io.samepage.cuda;

import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;

/** Random operations on memory that is touched, against a plain model, over two devices of the test double. */
class TwoCudaDevicesTransparentRandomOperationsTest extends TransparentRandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
