package io.samepage.opencl;

import io.samepage.BackendReport;
import io.samepage.BackendReport.State;
import io.samepage.DeviceInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a probe found.
 *
 * @param devices the devices, in the order of their numbers
 * @param report the same for the user, with what is wrong
 */
record ScanResult(List<FoundDevice> devices, BackendReport report) {

  static ScanResult of(List<FoundDevice> devices, List<ProbeFailure> failures) {
    List<DeviceInfo> infos = devices.stream().map(FoundDevice::info).toList();
    String problems = failures.stream().map(ProbeFailure::explanation).collect(Collectors.joining(". "));
    String remedies = failures.stream().map(ProbeFailure::remedy).distinct().collect(Collectors.joining(". "));
    return new ScanResult(List.copyOf(devices),
        new BackendReport(OpenClBackend.NAME, state(devices, failures), explanation(devices.size(), problems), remedies, infos));
  }

  /**
   * The same devices by the names that they had in earlier scans.
   *
   * @param known the devices of earlier scans, by their numbers; new ones are added
   * @return the devices found now, in the order of their numbers
   */
  ScanResult renumbered(List<FoundDevice> known) {
    List<FoundDevice> now = new ArrayList<>();
    for (FoundDevice device : devices) {
      FoundDevice before = known.stream().filter(device::isSameAs).findFirst().orElseGet(() -> device.numbered(known.size()));
      if (!known.contains(before)) {
        known.add(before);
      }
      now.add(before);
    }
    now.sort(Comparator.comparingInt(known::indexOf));
    return new ScanResult(List.copyOf(now), new BackendReport(report.backend(), report.state(), report.explanation(), report.remedy(),
        now.stream().map(FoundDevice::info).toList()));
  }

  private static State state(List<FoundDevice> devices, List<ProbeFailure> failures) {
    if (!devices.isEmpty()) {
      return State.AVAILABLE;
    }
    return failures.stream().anyMatch(failure -> failure.state() == State.BROKEN) ? State.BROKEN : State.ABSENT;
  }

  private static String explanation(int deviceCount, String problems) {
    if (deviceCount == 0) {
      return problems;
    }
    String found = "Found " + deviceCount + (deviceCount == 1 ? " device" : " devices");
    return problems.isEmpty() ? found : found + ". " + problems;
  }
}
