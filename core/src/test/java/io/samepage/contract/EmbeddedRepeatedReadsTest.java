package io.samepage.contract;

import io.samepage.testkit.RepeatedReads;
import java.util.List;

class EmbeddedRepeatedReadsTest extends RepeatedReads {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
