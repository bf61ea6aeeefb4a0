package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.DeviceInfo.Kind;
import io.samepage.MemoryKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lwjgl.opencl.CL10;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look at all platforms and their devices. */
final class DeviceScan {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceScan.class);
  private static final String POCL = "Portable Computing Language";

  /** A device before it has its number. */
  private record Candidate(long platform, long id, Kind kind, String description, String driver, long memoryBytes, DeviceLimits limits,
      Set<MemoryKind> memoryKinds, Set<String> hardwareIds) {}

  private final List<Candidate> candidates = new ArrayList<>();
  private final List<ProbeFailure> failures = new ArrayList<>();
  private final Optional<ProbeFailure> poclFailure;

  private DeviceScan(Optional<ProbeFailure> poclFailure) {
    this.poclFailure = poclFailure;
  }

  /**
   * Looks for devices. Never throws because of a driver.
   *
   * @param library the loader, which may have failed to load
   * @return what was found
   */
  static ScanResult of(OpenClLibrary library) {
    DeviceScan scan = new DeviceScan(library.poclFailure());
    SignalHandlers.keepThrough(() -> library.failure().ifPresentOrElse(scan.failures::add, scan::scanPlatforms));
    SignalHandlers.disarmLlvm();
    scan.failures.forEach(failure -> LOG.debug("{}; {}", failure.explanation(), failure.remedy()));
    return ScanResult.of(scan.numbered(), scan.failures);
  }

  private void scanPlatforms() {
    try {
      long[] platforms = ClPlatforms.platforms();
      for (long platform : platforms) {
        scanPlatform(platform);
      }
      IcdFolder drivers = IcdFolder.of(System.getenv());
      if (platforms.length == 0) {
        failures.add(drivers.whyNoPlatform());
      } else {
        failures.addAll(drivers.brokenDrivers());
      }
    } catch (DeviceException e) {
      failures.add(ProbeFailure.broken(e.getMessage(), ProbeFailure.INSTALL));
    }
  }

  private void scanPlatform(long platform) {
    String subject = "platform=0x" + Long.toHexString(platform);
    try {
      ClInfo info = ClInfo.ofPlatform(subject, platform);
      String name = info.string(CL10.CL_PLATFORM_NAME);
      subject = "platform=" + name;
      long[] devices = ClPlatforms.devices(platform, subject);
      if (devices.length == 0) {
        failures.add(whyNoDevice(name));
      }
      for (long device : devices) {
        scanDevice(platform, name, device);
      }
    } catch (DeviceException e) {
      failures.add(ProbeFailure.broken(e.getMessage(), "Install the driver again: " + subject));
    }
  }

  private ProbeFailure whyNoDevice(String platform) {
    if (!platform.equals(POCL)) {
      return ProbeFailure.absent("A driver has no device: platform=" + platform, ProbeFailure.INSTALL);
    }
    // PoCL has the processor at least, unless something is wrong; not every folder that looks writable is.
    return poclFailure.orElseGet(() -> ProbeFailure.broken("PoCL reports no device, as it does where it can't write to its cache folder",
        "Set " + PoclSettings.CACHE_VARIABLE + " to a writable folder; if that doesn't help, install PoCL again"));
  }

  private void scanDevice(long platform, String platformName, long device) {
    ClInfo info = ClInfo.ofDevice("platform=" + platformName, device);
    String name = info.string(CL10.CL_DEVICE_NAME);
    String version = info.string(CL10.CL_DEVICE_VERSION);
    Optional<Kind> kind = kind(platformName, info.longValue(CL10.CL_DEVICE_TYPE));
    Optional<String> unfit = whyUnfit(info, version);
    if (unfit.isPresent()) {
      failures.add(ProbeFailure.broken(unfit.get() + ": device=" + name, "Install a newer driver of the device"));
    } else if (kind.isPresent()) {
      candidates.add(new Candidate(platform, device, kind.get(), name, platformName + " " + info.string(CL10.CL_DRIVER_VERSION),
          info.longValue(CL10.CL_DEVICE_GLOBAL_MEM_SIZE), DeviceLimits.of(info), MemoryKinds.of(info), Hardware.idsOf(info)));
    }
  }

  private static Optional<String> whyUnfit(ClInfo device, String version) {
    if (version.startsWith("OpenCL 1.0") || version.startsWith("OpenCL 1.1")) {
      return Optional.of("A device is older than OpenCL 1.2");
    } else if (device.intValue(CL10.CL_DEVICE_AVAILABLE) == CL10.CL_FALSE) {
      return Optional.of("A device is not available");
    }
    return device.intValue(CL10.CL_DEVICE_COMPILER_AVAILABLE) == CL10.CL_FALSE ? Optional.of("A device has no compiler") : Optional.empty();
  }

  /** A simulator such as oclgrind claims every type. */
  private static Optional<Kind> kind(String platformName, long type) {
    if (platformName.toLowerCase(Locale.ROOT).contains("oclgrind")) {
      return Optional.of(Kind.SIMULATOR);
    } else if ((type & CL10.CL_DEVICE_TYPE_GPU) != 0) {
      return Optional.of(Kind.GPU);
    } else if ((type & CL10.CL_DEVICE_TYPE_CPU) != 0) {
      return Optional.of(Kind.CPU);
    }
    return (type & CL10.CL_DEVICE_TYPE_ACCELERATOR) != 0 ? Optional.of(Kind.ACCELERATOR) : Optional.empty();
  }

  /** Simulators come last, so that the numbers of real devices don't depend on them. */
  private List<FoundDevice> numbered() {
    List<Candidate> ordered = new ArrayList<>(candidates);
    ordered.sort((a, b) -> Boolean.compare(a.kind == Kind.SIMULATOR, b.kind == Kind.SIMULATOR));
    List<FoundDevice> devices = new ArrayList<>();
    for (Candidate c : ordered) {
      DeviceInfo info = new DeviceInfo(OpenClBackend.NAME + ":" + devices.size(), OpenClBackend.NAME, c.description, c.driver, c.kind,
          c.memoryBytes, c.memoryBytes / 4 * 3, c.memoryKinds, c.hardwareIds);
      devices.add(new FoundDevice(c.platform, c.id, info, c.limits));
    }
    return devices;
  }
}
