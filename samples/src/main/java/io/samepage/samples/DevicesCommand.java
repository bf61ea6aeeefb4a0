package io.samepage.samples;

import io.samepage.BackendReport;
import io.samepage.UnifiedMemory;
import io.samepage.samples.report.DeviceTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./run devices}. */
@Command(name = "devices", description = "Lists the devices that each back end found, and says why where it found none.")
final class DevicesCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<BackendReport> backends = probe();
    DeviceTable.devices(backends).forEach(out::println);
    out.println();
    DeviceTable.backends(backends).forEach(out::println);
    return ExitCode.OK;
  }

  /** What all back ends found; attaching the embedded device alone makes no driver open a device. */
  static List<BackendReport> probe() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open()) {
      return memory.backends();
    }
  }
}
