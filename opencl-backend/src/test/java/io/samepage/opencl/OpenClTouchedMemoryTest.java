package io.samepage.opencl;

import io.samepage.testkit.TouchedMemoryContract;
import java.util.List;

/** What programs do with touched memory, over PoCL's device. */
class OpenClTouchedMemoryTest extends TouchedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
