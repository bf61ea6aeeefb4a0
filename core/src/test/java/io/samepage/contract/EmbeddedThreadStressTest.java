package io.samepage.contract;

import io.samepage.testkit.ThreadStress;
import java.util.List;

class EmbeddedThreadStressTest extends ThreadStress {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
