package io.samepage.transparent;

import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.OwnEmbeddedProgram;
import io.samepage.testkit.OwnProgram;
import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;

/** Random operations on memory that is touched, on a device with memory of its own and one that uses the host's pages. */
class MixedKindsTransparentRandomOperationsTest extends TransparentRandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }

  @Override
  protected OwnProgram program() {
    return new OwnEmbeddedProgram();
  }

  @Override
  protected UnifiedMemory.Builder builder() {
    return super.builder().deviceMemoryKind("embedded:1", MemoryKind.COHERENT);
  }

  @Override
  protected int defaultOperations() {
    return 24_000;
  }
}
