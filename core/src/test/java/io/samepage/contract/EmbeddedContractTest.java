package io.samepage.contract;

import io.samepage.testkit.UnifiedMemoryContract;
import java.util.List;

class EmbeddedContractTest extends UnifiedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
