package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;

/** Random operations on memory that is touched, over PoCL's device in the host's own pages. */
class CoherentOpenClTransparentRandomOperationsTest extends TransparentRandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }

  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
