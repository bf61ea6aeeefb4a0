package io.samepage.transparent;

import io.samepage.testkit.TransparentRandomOperations;
import java.util.List;

class EmbeddedTransparentRandomOperationsTest extends TransparentRandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }

  @Override
  protected int defaultOperations() {
    return 40_000;
  }
}
