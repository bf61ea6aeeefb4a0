package io.samepage.opencl;

import io.samepage.BackendReport;
import io.samepage.MemoryKind;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * OpenCL devices: every GPU, CPU and accelerator of every platform, numbered in the order in which the driver lists them; simulators
 * come last. Found by {@link java.util.ServiceLoader}. All methods may be called by any thread.
 *
 * <p>The first probe of a process loads the OpenCL loader. It first sets {@code POCL_SIGFPE_HANDLER=0} in the environment of the
 * process unless the variable is set: PoCL would replace the JVM's handler, and Java's division by zero would return a number. Where
 * PoCL would find no cache folder, {@code POCL_CACHE_DIR} is set too.
 */
public final class OpenClBackend implements DeviceBackend {
  static final String NAME = "opencl";

  private ScanResult found;
  /** All that were ever found, by their numbers. */
  private final List<FoundDevice> known = new ArrayList<>();

  /** Makes a back end that hasn't looked for devices yet. */
  public OpenClBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 10;
  }

  @Override
  public BackendReport probe() {
    return scan().report();
  }

  private synchronized ScanResult scan() {
    if (found == null) {
      found = DeviceScan.of(OpenClLibrary.load());
      known.addAll(found.devices());
    }
    return found;
  }

  /** {@inheritDoc} Most drivers list the same devices as long as the process lives. */
  @Override
  public synchronized BackendReport refresh() {
    scan();
    found = DeviceScan.of(OpenClLibrary.load()).renumbered(known);
    return found.report();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The devices of one platform share a context, so buffers are copied between them by the driver.
   *
   * @throws IllegalArgumentException if a device is not one that {@link #probe()} found
   */
  @Override
  public List<DeviceNode> open(List<DeviceRequest> requests) {
    List<FoundDevice> devices = requests.stream().map(this::find).toList();
    List<MemoryKind> kinds = requests.stream().map(DeviceRequest::memoryKind).toList();
    Map<Long, OpenClContext> contexts = new LinkedHashMap<>();
    List<DeviceNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < devices.size(); i++) {
        nodes.add(open(devices.get(i), kinds.get(i), devices, contexts));
        if (kinds.get(i) == MemoryKind.COHERENT) {
          HostPagesTrial.run((OpenClNode) nodes.getLast(), devices.get(i));
        }
      }
      return nodes;
    } catch (RuntimeException e) {
      nodes.forEach(DeviceNode::close);
      throw e;
    } finally {
      contexts.values().forEach(OpenClContext::release);
    }
  }

  private static OpenClNode open(FoundDevice device, MemoryKind kind, List<FoundDevice> devices, Map<Long, OpenClContext> contexts) {
    OpenClContext context = contexts.computeIfAbsent(device.platform(), platform ->
        OpenClContext.create(platform, devices.stream().filter(other -> other.platform() == platform).toList()));
    OpenClNode node = new OpenClNode(device, context, kind);
    context.retain();
    return node;
  }

  private FoundDevice find(DeviceRequest request) {
    return scan().devices().stream().filter(device -> device.info().name().equals(request.device().name())).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No device of this back end: device=" + request.device() + ", devices="
            + scan().devices().stream().map(device -> device.info().name()).toList()));
  }
}
