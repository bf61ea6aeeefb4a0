package io.samepage.samples.report;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tables of what back ends found. */
public final class DeviceTable {
  private DeviceTable() {}

  /**
   * The devices of all back ends.
   *
   * @param backends what they found
   * @return the lines of the table
   */
  public static List<String> devices(List<BackendReport> backends) {
    TextTable table = new TextTable(false).row("device", "kind", "memory", "budget", "keeps pages", "hardware", "driver");
    for (BackendReport backend : backends) {
      for (DeviceInfo device : backend.devices()) {
        table.row(device.name(), device.kind().name().toLowerCase(Locale.ROOT), gibibytes(device.memoryBytes()),
            gibibytes(device.budgetBytes()), kinds(device), device.description(), device.driver());
      }
    }
    return table.lines();
  }

  /**
   * The state of each back end, with a remedy where there is one.
   *
   * @param backends what they found
   * @return the lines of the table
   */
  public static List<String> backends(List<BackendReport> backends) {
    List<String> lines = new ArrayList<>();
    for (BackendReport backend : backends) {
      String state = backend.state().name().toLowerCase(Locale.ROOT);
      lines.add("%s: %s. %s".formatted(backend.backend(), state, backend.explanation()).strip());
      if (!backend.remedy().isBlank()) {
        lines.add("  remedy: " + backend.remedy());
      }
    }
    return lines;
  }

  /** What a device has unless something else is asked for comes first. */
  private static String kinds(DeviceInfo device) {
    return device.memoryKinds().stream().map(kind -> kind.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", or "));
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }
}
