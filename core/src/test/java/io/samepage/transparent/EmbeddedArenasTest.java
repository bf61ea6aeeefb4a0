package io.samepage.transparent;

import io.samepage.testkit.ArenasContract;
import java.util.List;

class EmbeddedArenasTest extends ArenasContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
