package io.samepage.node;

import java.util.HexFormat;

/** What tells hardware from other hardware, in the words of {@link io.samepage.DeviceInfo#hardwareIds()} that all back ends use. */
public final class HardwareIds {
  private HardwareIds() {}

  /**
   * The place on a PCI bus. The function is left out, as no device is another one by it alone.
   *
   * @param domain the domain
   * @param bus the bus
   * @param device the device on the bus
   * @return {@code pci:0000:3b:00}
   */
  public static String pci(int domain, int bus, int device) {
    return "pci:%04x:%02x:%02x".formatted(domain, bus, device);
  }

  /**
   * An identifier that the driver gives the hardware.
   *
   * @param bytes its 16 bytes
   * @return {@code uuid:} and the bytes in hexadecimal
   */
  public static String uuid(byte[] bytes) {
    return "uuid:" + HexFormat.of().formatHex(bytes);
  }
}
