package io.samepage.opencl;

import io.samepage.testkit.TouchAdviceContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Memory that is touched as it is, over two of PoCL's devices. */
@Tag("two-devices")
class TwoOpenClDevicesTouchAdviceTest extends TouchAdviceContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }
}
