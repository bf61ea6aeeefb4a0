package io.samepage.coherence;

import io.samepage.BackendReport;
import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.embedded.EmbeddedBackend;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.testkit.node.InjectedFailures;
import java.util.List;
import java.util.Set;

/** The embedded devices as accelerators that a test plugs in and out. */
final class ComingBackend implements DeviceBackend {
  private final EmbeddedBackend inner = new EmbeddedBackend();
  private volatile Set<String> plugged;
  private volatile Set<String> found;
  private volatile boolean opens = true;
  private volatile Runnable whenHostIsUsed = () -> { };

  ComingBackend(String... names) {
    plug(names);
    found = plugged;
  }

  /** These are there from now on, and no others. */
  void plug(String... names) {
    plugged = Set.of(names);
  }

  void refuseToOpen(boolean refuses) {
    opens = !refuses;
  }

  /** What is done when a node is told of the host's pages. */
  void whenHostIsUsed(Runnable action) {
    whenHostIsUsed = action;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public int priority() {
    return inner.priority();
  }

  @Override
  public BackendReport probe() {
    List<DeviceInfo> devices = inner.probe().devices().stream().filter(info -> found.contains(info.name())).map(ComingBackend::accelerator)
        .toList();
    return new BackendReport(name(), devices.isEmpty() ? BackendReport.State.ABSENT : BackendReport.State.AVAILABLE, "Some are plugged in.",
        "Plug in others.", devices);
  }

  private static DeviceInfo accelerator(DeviceInfo info) {
    return new DeviceInfo(info.name(), info.backend(), info.description(), info.driver(), DeviceInfo.Kind.ACCELERATOR, info.memoryBytes(),
        info.budgetBytes(), info.memoryKinds());
  }

  @Override
  public BackendReport refresh() {
    found = plugged;
    return probe();
  }

  @Override
  public List<DeviceNode> open(List<DeviceRequest> requests) {
    if (!opens) {
      throw new DeviceException("The driver refuses: requests=" + requests);
    }
    return inner.open(requests.stream().map(request -> new DeviceRequest(inner.probe().devices().stream()
            .filter(info -> info.name().equals(request.device().name())).findFirst().orElseThrow(), request.budgetBytes())).toList())
        .stream().map(node -> (DeviceNode) new InjectedFailures(node).whenHostIsUsed(() -> whenHostIsUsed.run())).toList();
  }
}
