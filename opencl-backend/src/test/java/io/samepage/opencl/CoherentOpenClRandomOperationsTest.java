package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.testkit.RandomOperations;
import java.util.List;

/** Random operations against a plain model, over PoCL's device in the host's own pages. */
class CoherentOpenClRandomOperationsTest extends RandomOperations {
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
