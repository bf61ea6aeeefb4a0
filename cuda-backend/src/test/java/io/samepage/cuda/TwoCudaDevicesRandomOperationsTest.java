package io.samepage.cuda;

import io.samepage.testkit.RandomOperations;
import java.util.List;

/** Random operations against a plain model, over two devices of the test double. */
class TwoCudaDevicesRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("cuda:0", "cuda:1");
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
