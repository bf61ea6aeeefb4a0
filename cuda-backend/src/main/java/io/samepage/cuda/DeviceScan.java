package io.samepage.cuda;

import io.samepage.DeviceInfo;
import io.samepage.node.HardwareIds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jcuda.driver.CUcomputemode;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look at all devices. */
final class DeviceScan {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceScan.class);
  /** The first whose calls all are those that JCuda 12.6 makes. */
  private static final int OLDEST_DRIVER = 12_000;
  // The driver, other programs and kernels' own memory need some.
  private static final long BUDGET_PARTS = 8;

  private final List<FoundDevice> devices = new ArrayList<>();
  private final List<ProbeFailure> failures = new ArrayList<>();

  private DeviceScan() {}

  /**
   * Looks for devices. Never throws because of a driver.
   *
   * @param library the driver's file name
   * @return what was found
   */
  static ScanResult run(String library) {
    DeviceScan scan = new DeviceScan();
    DriverLibrary.load(library).ifPresentOrElse(scan.failures::add, scan::scanDriver);
    scan.failures.forEach(failure -> LOG.debug("{}; {}", failure.explanation(), failure.remedy()));
    return ScanResult.of(scan.devices, scan.failures);
  }

  private void scanDriver() {
    int version = DeviceCalls.version();
    if (version < OLDEST_DRIVER) {
      failures.add(ProbeFailure.broken("The NVIDIA driver is too old: supports=CUDA " + text(version) + ", needed=CUDA "
          + text(OLDEST_DRIVER), ProbeFailure.UPDATE));
      return;
    }
    int code = DeviceCalls.init();
    int count = code == CUresult.CUDA_SUCCESS ? DeviceCalls.count() : 0;
    if (code != CUresult.CUDA_SUCCESS && code != CUresult.CUDA_ERROR_NO_DEVICE) {
      failures.add(ProbeFailure.broken("The NVIDIA driver can't be started: call=cuInit, error=" + ErrorNames.of(code),
          ProbeFailure.INSTALL));
    } else if (count == 0) {
      failures.add(ProbeFailure.absent("The NVIDIA driver has no device: supports=CUDA " + text(version), ProbeFailure.INSTALL));
    }
    for (int ordinal = 0; ordinal < count; ordinal++) {
      scanDevice(ordinal, "NVIDIA, CUDA " + text(version));
    }
  }

  private static String text(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  private void scanDevice(int ordinal, String driver) {
    CUdevice device = DeviceCalls.device(ordinal);
    if (device == null) {
      failures.add(ProbeFailure.broken("The NVIDIA driver does not give a device that it counts: ordinal=" + ordinal,
          ProbeFailure.INSTALL));
      return;
    }
    String name = DeviceCalls.name(device);
    int mode = DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_MODE);
    int code = mode == CUcomputemode.CU_COMPUTEMODE_DEFAULT ? CUresult.CUDA_SUCCESS : DeviceCalls.tryContext(device);
    if (code != CUresult.CUDA_SUCCESS) {
      failures.add(whyUnavailable(ordinal, name, mode, code));
      return;
    }
    long memoryBytes = DeviceCalls.memoryBytes(device);
    long budgetBytes = memoryBytes - memoryBytes / BUDGET_PARTS;
    HostPages hostPages = HostPages.of(device);
    DeviceInfo info = new DeviceInfo(CudaBackend.NAME + ":" + ordinal, CudaBackend.NAME, name, driver, DeviceInfo.Kind.GPU, memoryBytes,
        budgetBytes, hostPages.memoryKinds(), hardwareIds(device));
    devices.add(new FoundDevice(ordinal, info, limits(device), hostPages));
  }

  private static Set<String> hardwareIds(CUdevice device) {
    Set<String> ids = new HashSet<>();
    int bus = DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_BUS_ID);
    int number = DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID);
    // No GPU is the first device of the first bus: the driver doesn't tell.
    if (bus != 0 || number != 0) {
      ids.add(HardwareIds.pci(DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID), bus, number));
    }
    byte[] uuid = DeviceCalls.uuid(device);
    if (uuid.length > 0) {
      ids.add(HardwareIds.uuid(uuid));
    }
    return ids;
  }

  private static ProbeFailure whyUnavailable(int ordinal, String name, int mode, int code) {
    String who = ": device=" + CudaBackend.NAME + ":" + ordinal + " (" + name + "), error=" + ErrorNames.of(code);
    if (mode == CUcomputemode.CU_COMPUTEMODE_PROHIBITED) {
      return ProbeFailure.broken("A device is closed to computing by its compute mode" + who, "Open it: nvidia-smi -c DEFAULT");
    }
    return ProbeFailure.broken("A device is held by another process alone, as its compute mode says" + who,
        "End that process, or let several in: nvidia-smi -c DEFAULT");
  }

  private static FoundDevice.Limits limits(CUdevice device) {
    return new FoundDevice.Limits(
        List.of(DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X),
            DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y),
            DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z)),
        List.of(DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X),
            DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y),
            DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z)),
        DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK),
        DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK));
  }
}
