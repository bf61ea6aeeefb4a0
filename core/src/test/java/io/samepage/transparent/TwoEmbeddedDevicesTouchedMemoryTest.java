package io.samepage.transparent;

import io.samepage.testkit.TouchedMemoryContract;
import java.util.List;

/** What programs do with touched memory, over both embedded devices. */
class TwoEmbeddedDevicesTouchedMemoryTest extends TouchedMemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }
}
