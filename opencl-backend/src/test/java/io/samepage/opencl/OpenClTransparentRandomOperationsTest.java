package io.samepage.opencl;

import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;

/** Random operations on memory that is touched, against a plain model, over PoCL's device. */
class OpenClTransparentRandomOperationsTest extends TransparentRandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected int defaultOperations() {
    return 16_000;
  }
}
