package io.samepage.contract;

import io.samepage.MemoryKind;

/** The same on devices that use the host's pages. */
class CoherentKernelFailureTest extends EmbeddedKernelFailureTest {
  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }
}
