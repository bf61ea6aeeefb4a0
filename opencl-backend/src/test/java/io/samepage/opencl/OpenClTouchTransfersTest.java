package io.samepage.opencl;

import io.samepage.testkit.TouchTransfersContract;
import java.util.List;

/** Memory that is touched as it is, over PoCL's device. */
class OpenClTouchTransfersTest extends TouchTransfersContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
