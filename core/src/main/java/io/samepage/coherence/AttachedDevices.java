package io.samepage.coherence;

import io.samepage.Device;
import io.samepage.DeviceStatistics;
import io.samepage.MemoryStatistics;
import io.samepage.NoSuchDeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The devices of one memory, in the order of their numbers. */
final class AttachedDevices {
  private final List<CoherentDevice> devices;

  AttachedDevices(CoherentMemory memory, List<DeviceSelection.Opened> opened) {
    List<CoherentDevice> all = new ArrayList<>(opened.size());
    for (DeviceSelection.Opened device : opened) {
      all.add(new CoherentDevice(memory, device.node(), all.size(), device.budgetBytes()));
    }
    devices = List.copyOf(all);
  }

  List<CoherentDevice> all() {
    return devices;
  }

  Device named(String name) {
    return devices.stream().filter(device -> device.name().equals(name) || device.info().backend().equals(name)).findFirst()
        .orElseThrow(() -> new NoSuchDeviceException(name, devices.stream().map(Device::name).toList(), "Attached devices are meant"));
  }

  void retireDone() {
    devices.forEach(device -> device.launches().retireDone());
  }

  /** What all of them have counted, and what their memory has. */
  MemoryStatistics statistics(long hostLeases, long deviceLeases, int ranges, long openLeases) {
    return new MemoryStatistics(sum(DeviceStatistics::bytesToDevice), sum(DeviceStatistics::bytesToHost),
        sum(DeviceStatistics::bytesDeviceToDevice), sum(DeviceStatistics::runsToDevice), sum(DeviceStatistics::runsToHost),
        sum(DeviceStatistics::launches), hostLeases, deviceLeases, ranges, openLeases);
  }

  private long sum(ToLongFunction<DeviceStatistics> count) {
    return devices.stream().map(CoherentDevice::statistics).mapToLong(count).sum();
  }

  @Override
  public String toString() {
    return devices.toString();
  }
}
