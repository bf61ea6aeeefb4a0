package io.samepage.samples;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.DeviceInfo.Kind;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.samples.report.DeviceTable;
import io.samepage.samples.report.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./run doctor}. */
@Command(name = "doctor", description = "Tells what works on this machine, what doesn't and why, and what to install.")
final class DoctorCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    system().forEach(out::println);
    out.println();
    List<BackendReport> backends = DevicesCommand.probe();
    DeviceTable.backends(backends).forEach(out::println);
    out.println();
    launches(backends).forEach(out::println);
    return ExitCode.OK;
  }

  private static List<String> system() {
    boolean isNative = UnifiedMemory.class.getModule().isNativeAccessEnabled();
    return new TextTable(false)
        .row("java", Runtime.version() + ", " + System.getProperty("java.vendor"))
        .row("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"))
        .row("memory", (HostMemory.totalBytes() >> 20) + " MiB, " + pageSizeBytes() + " bytes a page")
        .row("native access", isNative ? "enabled" : "not enabled: start java with --enable-native-access=ALL-UNNAMED")
        .lines();
  }

  private static long pageSizeBytes() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open()) {
      Slice slice = memory.allocate(1).all();
      return slice.residency().pageSizeBytes();
    }
  }

  /** Each device is tried in a memory of its own, so that one that fails doesn't hide the others. */
  private static List<String> launches(List<BackendReport> backends) {
    TextTable table = new TextTable(false).row("device", "a launch there");
    backends.stream().flatMap(backend -> backend.devices().stream()).forEach(device -> table.row(device.name(), launch(device)));
    return table.lines();
  }

  private static String launch(DeviceInfo device) {
    if (device.kind() == Kind.SIMULATOR) {
      return "not tried, it is a simulator";
    }
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(device.name()).open()) {
      return SelfTest.run(memory) ? "works" : "fails: it computes wrong results";
    } catch (RuntimeException e) {
      return "fails: " + Errors.message(e).lines().findFirst().orElse("");
    }
  }
}
