package io.samepage.opencl;

import io.samepage.BackendReport;
import io.samepage.MemoryKind;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import java.util.ArrayList;
import java.util.List;

/** Devices of one context that the program has made, under the names that they have in any case. Not found, but given. */
final class ContextBackend implements DeviceBackend {
  /** Before all that are found: who gives a context means it. */
  private static final int PRIORITY = 1_000;

  private final long context;
  private final List<FoundDevice> devices;

  ContextBackend(long context, List<FoundDevice> devices) {
    this.context = context;
    this.devices = List.copyOf(devices);
  }

  @Override
  public String name() {
    return OpenClBackend.NAME;
  }

  @Override
  public int priority() {
    return PRIORITY;
  }

  @Override
  public BackendReport probe() {
    return ScanResult.of(devices, List.of()).report();
  }

  @Override
  public List<DeviceNode> open(List<DeviceRequest> requests) {
    OpenClContext shared = OpenClContext.shared(context, devices.getFirst());
    List<DeviceNode> nodes = new ArrayList<>();
    try {
      for (DeviceRequest request : requests) {
        FoundDevice device = find(request);
        OpenClNode node = new OpenClNode(device, shared, request.memoryKind());
        shared.retain();
        nodes.add(node);
        if (request.memoryKind() == MemoryKind.COHERENT) {
          HostPagesTrial.run(node, device);
        }
      }
      return nodes;
    } catch (RuntimeException e) {
      nodes.forEach(DeviceNode::close);
      throw e;
    } finally {
      shared.release();
    }
  }

  private FoundDevice find(DeviceRequest request) {
    return devices.stream().filter(device -> device.info().equals(request.device())).findFirst().orElseThrow(() ->
        new IllegalArgumentException("No device of this context: device=" + request.device() + ", devices=" + devices));
  }
}
