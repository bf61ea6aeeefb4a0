package io.samepage.transparent;

import io.samepage.testkit.TransparentContract;
import java.util.List;

class EmbeddedTransparentTest extends TransparentContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
