package io.samepage.opencl;

import io.samepage.testkit.ThreadStress;
import java.util.List;

/** Many threads at once, over PoCL's device. */
class OpenClThreadStressTest extends ThreadStress {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
