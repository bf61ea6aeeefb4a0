package io.samepage.coherence;

import io.samepage.DeviceInfo;
import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.coherence.state.MemorySettings;
import io.samepage.coherence.sync.Deadline;
import io.samepage.host.HostMemory;
import io.samepage.node.DeviceBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of a memory. Tests reach it to add back ends of their own. */
public final class CoherentMemoryBuilder implements UnifiedMemory.Builder {
  private static final Logger LOG = LoggerFactory.getLogger(CoherentMemoryBuilder.class);

  private static final String CHECK_PROPERTY = "samepage.launch.check";

  private List<String> names = List.of("auto");
  private final Map<String, Long> budgets = new HashMap<>();
  private Duration leaseTimeout = Duration.ofSeconds(60);
  private boolean checksLaunches = checksLaunchesUnlessSaid();
  private boolean isHostRelaxed;
  private MemoryKind memoryKind = MemoryKind.DISCRETE;
  private final Map<String, MemoryKind> memoryKinds = new HashMap<>();
  private List<DeviceBackend> backends;
  /** Takes the place of one that is found; null if there is none. */
  private DeviceBackend preferred;

  /** Makes a builder with the default settings. */
  public CoherentMemoryBuilder() {}

  @Override
  public CoherentMemoryBuilder devices(String... deviceNames) {
    List<String> list = List.of(deviceNames);
    if (list.isEmpty()) {
      throw new IllegalArgumentException("Devices are named, each once: names=" + list);
    }
    checkNames(list);
    names = list;
    return this;
  }

  static void checkNames(List<String> names) {
    if (names.stream().anyMatch(String::isBlank) || new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("Devices are named, each once: names=" + names);
    }
  }

  @Override
  public CoherentMemoryBuilder deviceBudget(String deviceName, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("A budget is at least one byte: device=" + deviceName + ", bytes=" + bytes);
    }
    budgets.put(Objects.requireNonNull(deviceName, "deviceName"), bytes);
    return this;
  }

  @Override
  public CoherentMemoryBuilder leaseTimeout(Duration timeout) {
    Deadline.after(timeout);
    leaseTimeout = timeout;
    return this;
  }

  @Override
  public CoherentMemoryBuilder checkLaunches(boolean isChecked) {
    checksLaunches = isChecked;
    return this;
  }

  @Override
  public CoherentMemoryBuilder memoryKind(MemoryKind kind) {
    memoryKind = Objects.requireNonNull(kind, "kind");
    return this;
  }

  @Override
  public CoherentMemoryBuilder deviceMemoryKind(String deviceName, MemoryKind kind) {
    memoryKinds.put(Objects.requireNonNull(deviceName, "deviceName"), Objects.requireNonNull(kind, "kind"));
    return this;
  }

  @Override
  public CoherentMemoryBuilder relaxedHost(boolean isRelaxed) {
    isHostRelaxed = isRelaxed;
    return this;
  }

  private static boolean checksLaunchesUnlessSaid() {
    String text = System.getProperty(CHECK_PROPERTY, "false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(CHECK_PROPERTY + "=" + text + " is not one of true, false");
    };
  }

  /**
   * Uses these back ends instead of those that are found.
   *
   * @param given the back ends
   * @return this builder
   */
  public CoherentMemoryBuilder backends(List<DeviceBackend> given) {
    backends = List.copyOf(given);
    return this;
  }

  /** Uses a back end beside those that are found, but for one of the same name. */
  CoherentMemoryBuilder prefer(DeviceBackend backend) {
    preferred = Objects.requireNonNull(backend, "backend");
    return this;
  }

  private List<DeviceBackend> backends() {
    List<DeviceBackend> all = new ArrayList<>(backends == null ? found() : backends);
    if (preferred != null) {
      all.removeIf(backend -> backend.name().equals(preferred.name()));
      all.add(preferred);
    }
    return all;
  }

  @Override
  public UnifiedMemory open() {
    DeviceSelection selection = new DeviceSelection(backends(), budgets, this::kindOf);
    List<DeviceSelection.Opened> opened = selection.open(names);
    try {
      return new CoherentMemory(HostMemory.open(), selection, opened, new MemorySettings(leaseTimeout, checksLaunches, isHostRelaxed));
    } catch (RuntimeException | Error e) {
      opened.forEach(device -> device.node().close());
      throw e;
    }
  }

  private MemoryKind kindOf(DeviceInfo device) {
    MemoryKind ofBackend = memoryKinds.getOrDefault(device.backend(), memoryKind);
    return memoryKinds.getOrDefault(device.name(), ofBackend);
  }

  private static List<DeviceBackend> found() {
    List<DeviceBackend> found = new ArrayList<>();
    ServiceLoader.load(DeviceBackend.class).stream().forEach(provider -> {
      try {
        found.add(provider.get());
      } catch (ServiceConfigurationError | LinkageError e) {
        LOG.warn("A back end is left out because it can't be loaded: provider={}", provider.type().getName(), e);
      }
    });
    return found;
  }
}
