package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.TouchTransfersContract;
import java.util.List;

/** Moving memory that is touched, over PoCL's device in the host's own pages. */
class CoherentOpenClTouchTransfersTest extends TouchTransfersContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }
}
