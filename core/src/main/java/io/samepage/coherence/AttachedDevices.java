package io.samepage.coherence;

import io.samepage.BackendReport;
import io.samepage.Device;
import io.samepage.DeviceChanges;
import io.samepage.DeviceInfo;
import io.samepage.DeviceStatistics;
import io.samepage.MemoryStatistics;
import io.samepage.NoSuchDeviceException;
import io.samepage.coherence.directory.UniformBlocks;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.MemoryContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** The devices of one memory, in the order of their numbers. Some may come late; none ever goes. */
final class AttachedDevices {
  private final MemoryContext memory;
  private final DeviceSelection selection;
  /** Replaced as a whole: who has the list has a snapshot. */
  private volatile List<CoherentDevice> devices = List.of();

  AttachedDevices(MemoryContext memory, DeviceSelection selection, List<DeviceSelection.Opened> opened) {
    this.memory = memory;
    this.selection = selection;
    devices = with(opened);
  }

  private List<CoherentDevice> with(List<DeviceSelection.Opened> opened) {
    List<CoherentDevice> all = new ArrayList<>(devices);
    for (DeviceSelection.Opened device : opened) {
      all.add(new CoherentDevice(memory, device.node(), device.memoryKind(), device.budgetBytes(), all.size()));
    }
    return List.copyOf(all);
  }

  /**
   * Looks for devices again and attaches those that names mean, or that those mean that the memory was opened with. Called by one thread at
   * a time.
   *
   * @param makeRoom told which are new, before any of them can be used
   */
  DeviceChanges refresh(List<String> names, Consumer<List<CoherentDevice>> makeRoom) {
    List<CoherentDevice> before = devices;
    Set<DeviceInfo> found = selection.refresh();
    List<DeviceInfo> attached = infos(before);
    Set<DeviceInfo> wanted = names.isEmpty() ? selection.infosAgain(attached) : selection.infos(names, attached);
    UniformBlocks.checkNodes(1 + before.size() + wanted.size());
    List<CoherentDevice> after = with(selection.open(wanted));
    List<CoherentDevice> come = after.subList(before.size(), after.size());
    makeRoom.accept(come);
    devices = after;
    return new DeviceChanges(List.copyOf(come),
        List.copyOf(before.stream().filter(device -> found.stream().noneMatch(info -> info.name().equals(device.name()))).toList()));
  }

  List<BackendReport> backends() {
    return selection.reports(infos(devices));
  }

  private static List<DeviceInfo> infos(List<CoherentDevice> devices) {
    return devices.stream().map(CoherentDevice::info).toList();
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
