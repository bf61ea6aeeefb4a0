package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.TransparentContract;
import java.util.List;

/** Memory that is touched as it is, over PoCL's device in the host's own pages. */
class CoherentOpenClTransparentTest extends TransparentContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }
}
