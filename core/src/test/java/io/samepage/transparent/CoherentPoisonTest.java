package io.samepage.transparent;

import io.samepage.MemoryKind;

/** The same on devices that use the host's pages. */
class CoherentPoisonTest extends PoisonTest {
  @Override
  protected MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }
}
