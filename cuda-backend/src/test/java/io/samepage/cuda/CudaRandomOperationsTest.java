package io.samepage.cuda;

import io.samepage.testkit.RandomOperations;
import java.util.List;

/** Random operations against a plain model, over a device of the test double. */
class CudaRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0");
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
