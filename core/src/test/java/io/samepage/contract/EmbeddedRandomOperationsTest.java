package io.samepage.contract;

import io.samepage.testkit.RandomOperations;
import java.util.List;

class EmbeddedRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }

  @Override
  protected int defaultOperations() {
    return 60_000;
  }
}
