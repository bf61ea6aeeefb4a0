package io.samepage.opencl;

import io.samepage.testkit.RandomOperations;
import java.util.List;

/** Random operations against a plain model, over PoCL's device. */
class OpenClRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
