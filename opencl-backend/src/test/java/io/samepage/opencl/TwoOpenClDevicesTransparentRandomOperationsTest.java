package io.samepage.opencl;

import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Random operations on memory that is touched, against a plain model, over two of PoCL's devices. */
@Tag("two-devices")
class TwoOpenClDevicesTransparentRandomOperationsTest extends TransparentRandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
