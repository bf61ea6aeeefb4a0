package io.samepage.opencl;

import io.samepage.testkit.HostPagesContract;
import java.util.List;

/** PoCL's device in the host's own pages. */
class OpenClHostPagesTest extends HostPagesContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
