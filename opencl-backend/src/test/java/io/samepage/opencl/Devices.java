package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.node.DeviceRequest;
import java.util.List;

/** Opens devices for tests. */
final class Devices {
  private static final OpenClBackend BACKEND = new OpenClBackend();

  private Devices() {}

  /** The first device. A test that needs one fails where there is none. */
  static OpenClNode open() {
    BackendReport report = BACKEND.probe();
    assertThat(report.state()).as("%s", report).isEqualTo(BackendReport.State.AVAILABLE);
    DeviceInfo first = report.devices().getFirst();
    return (OpenClNode) BACKEND.open(List.of(new DeviceRequest(first, first.budgetBytes()))).getFirst();
  }

  static FoundDevice found() {
    return DeviceScan.of(OpenClLibrary.load()).devices().getFirst();
  }
}
