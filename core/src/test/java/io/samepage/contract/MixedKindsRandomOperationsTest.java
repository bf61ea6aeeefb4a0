package io.samepage.contract;

import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.OwnEmbeddedProgram;
import io.samepage.testkit.OwnProgram;
import io.samepage.testkit.RandomOperations;
import java.util.List;

/** Random operations on a device with memory of its own and one that uses the host's pages, in one memory. */
class MixedKindsRandomOperationsTest extends RandomOperations {
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
