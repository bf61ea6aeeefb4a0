package io.samepage.contract;

import io.samepage.testkit.OwnEmbeddedProgram;
import io.samepage.testkit.OwnProgram;
import io.samepage.testkit.RandomOperations;
import java.util.List;

class EmbeddedRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }

  @Override
  protected OwnProgram program() {
    return new OwnEmbeddedProgram();
  }

  @Override
  protected int defaultOperations() {
    return 40_000;
  }
}
