package io.samepage.transparent;

import io.samepage.testkit.TransparentTrafficContract;
import java.util.List;

/** What moves for few touches of much memory, over the embedded device. */
class EmbeddedTransparentTrafficTest extends TransparentTrafficContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
