package io.samepage.coherence;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.MemoryKind;
import io.samepage.embedded.EmbeddedBackend;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.testkit.node.InjectedFailures;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A back end whose devices are GPUs that a test plugs in, each known by its hardware. An embedded device does their work. */
final class GpuBackend implements DeviceBackend {
  private static final long MEMORY_BYTES = 1 << 24;

  private final EmbeddedBackend inner = new EmbeddedBackend();
  private final String name;
  private final int priority;
  private volatile List<String> plugged = List.of();
  private volatile List<String> found = plugged;

  GpuBackend(String name, int priority) {
    this.name = name;
    this.priority = priority;
  }

  /** This hardware is there from now on, and no other; it is found by whoever looks again. */
  GpuBackend plug(String... hardware) {
    plugged = List.of(hardware);
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int priority() {
    return priority;
  }

  @Override
  public BackendReport probe() {
    List<DeviceInfo> devices = IntStream.range(0, found.size()).mapToObj(i -> new DeviceInfo(name + ":" + i, name, "A GPU", "A driver",
        DeviceInfo.Kind.GPU, MEMORY_BYTES, MEMORY_BYTES, Set.of(MemoryKind.DISCRETE), Set.of(found.get(i)))).toList();
    return new BackendReport(name, devices.isEmpty() ? BackendReport.State.ABSENT : BackendReport.State.AVAILABLE,
        "Found " + devices.size(), "Plug one in", devices);
  }

  @Override
  public BackendReport refresh() {
    found = plugged;
    return probe();
  }

  @Override
  public List<DeviceNode> open(List<DeviceRequest> requests) {
    DeviceInfo embedded = inner.probe().devices().getFirst();
    return requests.stream().map(request -> (DeviceNode) new InjectedFailures(
        inner.open(List.of(new DeviceRequest(embedded, request.budgetBytes()))).getFirst(), request.device())).toList();
  }
}
