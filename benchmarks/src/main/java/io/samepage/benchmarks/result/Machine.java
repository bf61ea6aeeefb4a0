package io.samepage.benchmarks.result;

import com.sun.management.OperatingSystemMXBean;
import io.samepage.DeviceInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a run ran on. Nothing that names the machine itself.
 *
 * @param cpu the processor's model
 * @param cores how many of its cores there are for us
 * @param memoryGib the machine's memory
 * @param system operating system, kernel version and architecture
 * @param jdk the Java runtime
 * @param device the device as the driver names it
 * @param driver the driver and its version
 * @param kind the machine's kind, fit for a file name
 */
public record Machine(String cpu, int cores, long memoryGib, String system, String jdk, String device, String driver, String kind) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /**
   * Looks at this machine.
   *
   * @param device the device that is measured
   * @return what it is
   */
  public static Machine with(DeviceInfo device) {
    int cores = Runtime.getRuntime().availableProcessors();
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch");
    String kind = "%s-%s-%s-%d-cores".formatted(device.backend(), device.kind(), System.getProperty("os.arch"), cores)
        .toLowerCase(Locale.ROOT);
    return new Machine(cpuModel(), cores, Math.ceilDiv(memoryBytes(), 1L << 30), system,
        System.getProperty("java.vm.name") + " " + Runtime.version(), device.description(), device.driver(), kind);
  }

  /** {@return the machine's memory in bytes} */
  public static long memoryBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** {@return how many threads wanted to run in the last minute, on average; negative if the system doesn't tell} */
  public static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String cpuModel() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines.filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
