package io.samepage.opencl;

import io.samepage.testkit.SeveralDevicesContract;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** What several devices of one memory do together, over two of PoCL's. */
@Tag("two-devices")
class SeveralOpenClDevicesContractTest extends SeveralDevicesContract {
  @Override
  protected List<String> devices() {
    return List.of("opencl:0", "opencl:1");
  }
}
