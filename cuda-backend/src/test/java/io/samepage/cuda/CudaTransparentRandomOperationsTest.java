package io.samepage.cuda;

import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;

/** Random operations on memory that is touched, against a plain model, over a device of the test double. */
class CudaTransparentRandomOperationsTest extends TransparentRandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }

  @Override
  protected int defaultOperations() {
    return 16_000;
  }
}
