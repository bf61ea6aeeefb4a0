package io.samepage.cuda;

import io.samepage.BackendReport.State;
import io.samepage.BackendReport;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a probe found.
 *
 * @param devices the devices that can be used
 * @param report the same for the user, with what is wrong
 */
record ScanResult(List<FoundDevice> devices, BackendReport report) {

  static ScanResult of(List<FoundDevice> devices, List<ProbeFailure> failures) {
    String problems = failures.stream().map(ProbeFailure::explanation).collect(Collectors.joining(". "));
    String remedies = failures.stream().map(ProbeFailure::remedy).distinct().collect(Collectors.joining(". "));
    return new ScanResult(List.copyOf(devices), new BackendReport(CudaBackend.NAME, state(devices, failures),
        explanation(devices.size(), problems), remedies, devices.stream().map(FoundDevice::info).toList()));
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
