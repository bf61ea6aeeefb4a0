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
}
