package io.samepage.transparent;

import io.samepage.testkit.HostPagesContract;
import java.util.List;

/** A device that uses the host's pages. */
class EmbeddedHostPagesTest extends HostPagesContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0");
  }
}
