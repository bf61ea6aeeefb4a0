package io.samepage.samples.report;

import io.samepage.samples.accounting.Stage;
import io.samepage.samples.report.RunReport.Bytes;
import java.util.List;
import java.util.Locale;

/** The table that a run ends with: stage, time, bytes both ways; below it the alternatives. */
public final class RunTable {
  private RunTable() {}

  /**
   * Makes the table.
   *
   * @param report the run
   * @return its lines
   */
  public static List<String> lines(RunReport report) {
    TextTable table = new TextTable(true).row("stage", "time", "bytes to device", "bytes to host");
    for (Stage stage : report.stages()) {
      table.row(stage.name(), time(stage.seconds()), bytes(stage.bytesToDevice()), bytes(stage.bytesToHost()));
    }
    Bytes bytes = report.bytes();
    return table
        .row("total", time(report.seconds()), bytes(bytes.bytesToDevice()), bytes(bytes.bytesToHost()))
        .row("the least", "", bytes(bytes.leastBytesToDevice()), bytes(bytes.leastBytesToHost()))
        .row("every argument at every launch", "", bytes(bytes.naiveBytesToDevice()), bytes(bytes.naiveBytesToHost()))
        .lines();
  }

  private static String time(double seconds) {
    return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
  }

  private static String bytes(long bytes) {
    return String.format(Locale.ROOT, "%,d", bytes);
  }
}
