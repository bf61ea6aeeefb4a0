package io.samepage.transparent;

import io.samepage.testkit.OwnEmbeddedProgram;
import io.samepage.testkit.OwnProgram;
import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;

class EmbeddedTransparentRandomOperationsTest extends TransparentRandomOperations {
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
    return 24_000;
  }
}
