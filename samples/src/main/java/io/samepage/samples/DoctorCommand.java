package io.samepage.samples;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.DeviceInfo.Kind;
import io.samepage.HostAccess;
import io.samepage.HostAccess.Mode;
import io.samepage.UnifiedMemory;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.report.DeviceTable;
import io.samepage.samples.report.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
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
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open()) {
      system(memory).forEach(out::println);
    }
    out.println();
    List<BackendReport> backends = DevicesCommand.probe();
    DeviceTable.backends(backends).forEach(out::println);
    out.println();
    launches(backends).forEach(out::println);
    return ExitCode.OK;
  }

  private static List<String> system(UnifiedMemory memory) {
    boolean isNative = UnifiedMemory.class.getModule().isNativeAccessEnabled();
    return new TextTable(false)
        .row("java", Runtime.version() + ", " + System.getProperty("java.vendor"))
        .row("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"))
        .row("memory", (HostMemory.totalBytes() >> 20) + " MiB, " + pageSizeBytes(memory) + " bytes a page")
        .row("native access", isNative ? "enabled" : "not enabled: start java with --enable-native-access=ALL-UNNAMED")
        .row("host access", hostAccess(memory))
        .lines();
  }

  private static long pageSizeBytes(UnifiedMemory memory) {
    try (HostSpace space = HostSpace.open(memory, Mode.EXPLICIT)) {
      return space.pageSizeBytes();
    }
  }

  /** Which, why, and what to change where there is something. */
  private static String hostAccess(UnifiedMemory memory) {
    try {
      HostAccess access = memory.hostAccess();
      String remedy = access.remedy().isEmpty() ? "" : ". " + access.remedy();
      return access.mode().name().toLowerCase(Locale.ROOT) + ": " + access.reason() + remedy;
    } catch (IllegalArgumentException e) {
      return "can't be told: " + e.getMessage();
    }
  }

  /** Each device is tried in a memory of its own, so that one that fails doesn't hide the others. */
  private static List<String> launches(List<BackendReport> backends) {
    TextTable table = new TextTable(false).row("device", "a launch there under leases", "by touching");
    backends.stream().flatMap(backend -> backend.devices().stream()).forEach(device ->
        table.row(device.name(), launch(device, Mode.EXPLICIT), launch(device, Mode.TRANSPARENT)));
    return table.lines();
  }

  private static String launch(DeviceInfo device, Mode mode) {
    if (device.kind() == Kind.SIMULATOR) {
      return "not tried, it is a simulator";
    }
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(device.name()).open()) {
      return mode == Mode.TRANSPARENT && !memory.hostAccess().isTransparent() ? "not to be had" : launch(memory, mode);
    } catch (RuntimeException e) {
      return "fails: " + Errors.message(e).lines().findFirst().orElse("");
    }
  }

  private static String launch(UnifiedMemory memory, Mode mode) {
    try (HostSpace space = HostSpace.open(memory, mode)) {
      return SelfTest.run(space) ? "works" : "fails: it computes wrong results";
    }
  }
}
