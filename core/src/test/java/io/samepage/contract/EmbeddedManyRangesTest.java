package io.samepage.contract;

import io.samepage.testkit.ManyRangesContract;
import java.util.List;

class EmbeddedManyRangesTest extends ManyRangesContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
