package io.samepage.opencl;

import io.samepage.testkit.ArenasContract;
import java.util.List;

/** Arenas over PoCL's device. */
class OpenClArenasTest extends ArenasContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0");
  }
}
