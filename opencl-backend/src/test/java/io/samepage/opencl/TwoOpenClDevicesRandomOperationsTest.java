package io.samepage.opencl;

import io.samepage.testkit.RandomOperations;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Random operations against a plain model, over two of PoCL's devices. */
@Tag("two-devices")
class TwoOpenClDevicesRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
