package io.samepage.coherence;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.NoSuchDeviceException;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Turns the names that a user asked for into open nodes. Back ends are probed only when their devices may be meant. */
final class DeviceSelection {
  /** An open device. */
  record Opened(DeviceNode node, long budgetBytes, MemoryKind memoryKind) {}

  private final List<DeviceBackend> backends;
  private final Map<String, Long> budgets;
  private final Function<DeviceInfo, MemoryKind> kinds;
  private List<String> openedWith = List.of();

  DeviceSelection(List<DeviceBackend> backends, Map<String, Long> budgets, Function<DeviceInfo, MemoryKind> kinds) {
    this.kinds = kinds;
    this.backends = backends.stream().sorted(Comparator.comparingInt(DeviceBackend::priority).reversed()).toList();
    this.budgets = Map.copyOf(budgets);
  }

  /**
   * What back ends have found, the first choice first. Of hardware that several found they say which is used: what is attached, else what
   * would be.
   */
  List<BackendReport> reports(Collection<DeviceInfo> attached) {
    List<BackendReport> reports = new ArrayList<>();
    List<DeviceInfo> before = new ArrayList<>(attached);
    for (DeviceBackend backend : backends) {
      BackendReport report = backend.probe();
      reports.add(withTwins(report, report.devices().stream().filter(device -> !hasName(device, attached)).toList(), before));
      before.addAll(report.devices());
    }
    return reports;
  }

  private static BackendReport withTwins(BackendReport report, List<DeviceInfo> unattached, List<DeviceInfo> before) {
    StringBuilder explanation = new StringBuilder(report.explanation());
    unattached.forEach(device -> twin(device, before).ifPresent(twin ->
        explanation.append(". ").append(device.name()).append(" is the same hardware as ").append(twin.name())
            .append(", and is used as that unless it is asked for by its name")));
    return new BackendReport(report.backend(), report.state(), explanation.toString(), report.remedy(), report.devices());
  }

  private static boolean hasName(DeviceInfo device, Collection<DeviceInfo> others) {
    return others.stream().anyMatch(other -> other.name().equals(device.name()));
  }

  private static Optional<DeviceInfo> twin(DeviceInfo device, Collection<DeviceInfo> others) {
    return others.stream().filter(device::isSameHardwareAs).findFirst();
  }

  /** Opens the devices in the order of their names; those of one back end at once, so that it can set them up for each other. */
  List<Opened> open(List<String> names) {
    openedWith = List.copyOf(names);
    return open(infos(names, List.of()));
  }

  /** The devices that names mean, each once and none that is attached. */
  Set<DeviceInfo> infos(List<String> names, Collection<DeviceInfo> attached) {
    Set<DeviceInfo> chosen = new LinkedHashSet<>();
    names.forEach(name -> chosen.addAll(switch (name) {
      case "auto" -> beside(attached, automatic().orElseThrow(() -> noSuchDevice(name)));
      case "all" -> beside(attached, all());
      default -> List.of(named(name));
    }));
    chosen.removeIf(device -> hasName(device, attached));
    return chosen;
  }

  /** The same for the names which the memory was opened with, as they are meant now: those that were named then are open. */
  Set<DeviceInfo> infosAgain(Collection<DeviceInfo> attached) {
    boolean hasAutomatic = automatic().isPresent();
    return infos(openedWith.stream().filter(name -> name.equals("all") || (name.equals("auto") && hasAutomatic)).toList(), attached);
  }

  /** Nobody has asked for them by name: hardware that is attached already is not attached again through another back end. */
  private static List<DeviceInfo> beside(Collection<DeviceInfo> attached, List<DeviceInfo> devices) {
    return devices.stream().filter(device -> twin(device, attached).isEmpty()).toList();
  }

  /** Looks for devices again, and answers all that there are, chosen or not. */
  Set<DeviceInfo> refresh() {
    Set<DeviceInfo> found = new HashSet<>();
    backends.forEach(backend -> found.addAll(backend.refresh().devices()));
    return found;
  }

  /** Opens devices, each of which is not open; those of one back end at once. */
  List<Opened> open(Set<DeviceInfo> chosen) {
    Map<DeviceInfo, Opened> opened = new LinkedHashMap<>();
    chosen.forEach(device -> opened.put(device, null));
    try {
      for (DeviceBackend backend : backends) {
        List<DeviceRequest> requests = chosen.stream().filter(device -> device.backend().equals(backend.name()))
            .map(this::request).toList();
        List<DeviceNode> nodes = requests.isEmpty() ? List.of() : backend.open(requests);
        for (int i = 0; i < nodes.size(); i++) {
          opened.put(requests.get(i).device(), new Opened(nodes.get(i), requests.get(i).budgetBytes(), requests.get(i).memoryKind()));
        }
      }
    } catch (RuntimeException | Error e) {
      opened.values().stream().filter(node -> node != null).forEach(node -> node.node().close());
      throw e;
    }
    return List.copyOf(opened.values());
  }

  private DeviceRequest request(DeviceInfo device) {
    MemoryKind kind = kinds.apply(device);
    if (!device.memoryKinds().contains(kind)) {
      throw new MemoryKindException(device.name(), kind, device.memoryKinds(), "the device doesn't offer it");
    }
    return new DeviceRequest(device, budget(device), kind);
  }

  private long budget(DeviceInfo device) {
    Long ofBackend = budgets.getOrDefault(device.backend(), device.budgetBytes());
    return budgets.getOrDefault(device.name(), ofBackend);
  }

  private Optional<List<DeviceInfo>> automatic() {
    return backends.stream().map(DeviceSelection::automatic).filter(devices -> !devices.isEmpty()).findFirst();
  }

  /** Hardware that several back ends have found once, through the first of them. */
  private List<DeviceInfo> all() {
    List<DeviceInfo> all = new ArrayList<>();
    for (DeviceBackend backend : backends) {
      all.addAll(automatic(backend).stream().filter(device -> twin(device, all).isEmpty()).toList());
    }
    return all;
  }

  /** A simulator is slow and meant for looking for mistakes; one embedded device is as good as several. */
  private static List<DeviceInfo> automatic(DeviceBackend backend) {
    List<DeviceInfo> devices = backend.probe().devices().stream()
        .filter(device -> device.kind() != DeviceInfo.Kind.SIMULATOR).toList();
    boolean isEmbedded = !devices.isEmpty() && devices.getFirst().kind() == DeviceInfo.Kind.EMBEDDED;
    return isEmbedded ? devices.subList(0, 1) : devices;
  }

  private DeviceInfo named(String name) {
    String backendName = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    return backends.stream().filter(backend -> backend.name().equals(backendName))
        .flatMap(backend -> backend.probe().devices().stream())
        .filter(device -> device.name().equals(name) || name.equals(backendName)).findFirst()
        .orElseThrow(() -> noSuchDevice(name));
  }

  private NoSuchDeviceException noSuchDevice(String name) {
    List<String> available = new ArrayList<>();
    StringBuilder explanation = new StringBuilder();
    for (BackendReport report : reports(List.of())) {
      report.devices().forEach(device -> available.add(device.name()));
      if (report.state() != BackendReport.State.AVAILABLE) {
        explanation.append(report.backend()).append(": ").append(report.explanation()).append("; ").append(report.remedy()).append(". ");
      }
    }
    return new NoSuchDeviceException(name, available, explanation.toString().strip());
  }
}
