package io.samepage.opencl;

import io.samepage.testkit.TransparentTrafficContract;
import java.util.List;

/** What moves for few touches of much memory, over PoCL's device. */
class OpenClTransparentTrafficTest extends TransparentTrafficContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
