package io.samepage.opencl;

import io.samepage.testkit.TouchAdviceContract;
import java.util.List;

/** Memory that is touched as it is, over PoCL's device. */
class OpenClTouchAdviceTest extends TouchAdviceContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
