package io.samepage.opencl;

import io.samepage.DeviceInfo;

/**
 * A device that the probe found.
 *
 * @param platform its platform's handle
 * @param id its own handle
 * @param info what Samepage says of it
 * @param limits what it can do
 */
record FoundDevice(long platform, long id, DeviceInfo info, DeviceLimits limits) {
  /** {@return how messages call it: {@code device=opencl:0 (its description)}} */
  String subject() {
    return "device=" + info.name() + " (" + info.description() + ")";
  }

  /** {@return whether the driver means the same device} */
  boolean isSameAs(FoundDevice other) {
    return platform == other.platform && id == other.id;
  }

  /** {@return this device by another number} */
  FoundDevice numbered(int number) {
    DeviceInfo numbered = new DeviceInfo(OpenClBackend.NAME + ":" + number, info.backend(), info.description(), info.driver(), info.kind(),
        info.memoryBytes(), info.budgetBytes(), info.memoryKinds(), info.hardwareIds());
    return new FoundDevice(platform, id, numbered, limits);
  }
}
