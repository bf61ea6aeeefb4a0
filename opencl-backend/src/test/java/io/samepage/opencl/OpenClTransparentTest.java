package io.samepage.opencl;

import io.samepage.testkit.TransparentContract;
import java.util.List;

/** Memory that is touched as it is, over PoCL's device. */
class OpenClTransparentTest extends TransparentContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
