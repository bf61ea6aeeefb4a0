package io.samepage.samples.accounting;

import io.samepage.Device;
import io.samepage.UnifiedMemory;
import java.util.List;
import java.util.stream.IntStream;

/** Counts each device's launches from now on. */
public final class LaunchCount {
  private final List<Device> devices;
  private final long[] before;

  /**
   * Starts to count.
   *
   * @param memory whose devices to count
   */
  public LaunchCount(UnifiedMemory memory) {
    devices = memory.devices();
    before = devices.stream().mapToLong(device -> device.statistics().launches()).toArray();
  }

  /** {@return each device with its launches since this count was started} */
  public List<DeviceUse> uses() {
    return IntStream.range(0, before.length).mapToObj(this::use).toList();
  }

  private DeviceUse use(int index) {
    Device device = devices.get(index);
    return new DeviceUse(device.info().backend(), device.name(), device.statistics().launches() - before[index]);
  }
}
