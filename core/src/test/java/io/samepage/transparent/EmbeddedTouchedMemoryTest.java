package io.samepage.transparent;

import io.samepage.testkit.TouchedMemoryContract;
import java.util.List;

/** What programs do with touched memory, over one embedded device. */
class EmbeddedTouchedMemoryTest extends TouchedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
