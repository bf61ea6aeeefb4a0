package io.samepage.contract;

import io.samepage.testkit.OwnEmbeddedProgram;
import io.samepage.testkit.OwnProgram;
import io.samepage.testkit.RandomOperations;
import java.util.List;

class TwoEmbeddedDevicesRandomOperationsTest extends RandomOperations {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }

  @Override
  protected OwnProgram program() {
    return new OwnEmbeddedProgram();
  }

  /** With the other classes of two embedded devices, more than 200,000. */
  @Override
  protected int defaultOperations() {
    return 60_000;
  }
}
