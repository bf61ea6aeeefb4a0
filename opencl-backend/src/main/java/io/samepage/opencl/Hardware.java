package io.samepage.opencl;

import io.samepage.node.HardwareIds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.KHRDeviceUUID;
import org.lwjgl.opencl.KHRPCIBusInfo;

/** What hardware a device is, as far as its driver has an extension that tells. */
final class Hardware {
  // Not in the extension's text, but in every driver of NVIDIA's that has it.
  private static final int PCI_BUS_ID_NV = 0x4008;
  private static final int PCI_SLOT_ID_NV = 0x4009;
  private static final int PCI_DOMAIN_ID_NV = 0x400A;
  /** A slot is a device and one of its functions. */
  private static final int FUNCTION_BITS = 3;

  private Hardware() {}

  static Set<String> idsOf(ClInfo device) {
    return ids(List.of(device.string(CL10.CL_DEVICE_EXTENSIONS).split("\\s+")),
        name -> device.status(name) == CL10.CL_SUCCESS ? device.bytes(name) : new byte[0]);
  }

  /**
   * Asks only for what the driver says it has.
   *
   * @param extensions the names of the driver's
   * @param answers the bytes of a parameter; none where the driver doesn't know it
   * @return the ids of the device; empty if the driver tells none
   */
  static Set<String> ids(List<String> extensions, IntFunction<byte[]> answers) {
    Set<String> ids = new HashSet<>();
    if (extensions.contains("cl_khr_pci_bus_info")) {
      int[] place = ints(answers.apply(KHRPCIBusInfo.CL_DEVICE_PCI_BUS_INFO_KHR));
      if (place.length >= 3) {
        ids.add(HardwareIds.pci(place[0], place[1], place[2]));
      }
    } else if (extensions.contains("cl_nv_device_attribute_query")) {
      int[] bus = ints(answers.apply(PCI_BUS_ID_NV));
      int[] slot = ints(answers.apply(PCI_SLOT_ID_NV));
      int[] domain = ints(answers.apply(PCI_DOMAIN_ID_NV));
      if (bus.length == 1 && slot.length == 1) {
        ids.add(HardwareIds.pci(domain.length == 1 ? domain[0] : 0, bus[0], slot[0] >> FUNCTION_BITS));
      }
    }
    if (extensions.contains("cl_khr_device_uuid")) {
      byte[] uuid = answers.apply(KHRDeviceUUID.CL_DEVICE_UUID_KHR);
      if (!Arrays.equals(uuid, new byte[uuid.length])) {
        ids.add(HardwareIds.uuid(uuid));
      }
    }
    return ids;
  }

  private static int[] ints(byte[] bytes) {
    IntBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asIntBuffer();
    int[] ints = new int[values.remaining()];
    values.get(ints);
    return ints;
  }
}
