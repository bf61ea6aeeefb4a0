package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.ThreadStress;
import java.util.List;

/** Many threads at once, over PoCL's device in the host's own pages. */
class CoherentOpenClThreadStressTest extends ThreadStress {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }
}
