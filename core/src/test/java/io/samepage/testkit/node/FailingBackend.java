package io.samepage.testkit.node;

import io.samepage.BackendReport;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Another back end, with nodes that fail when a test wants it. Safe for use by several threads. */
public final class FailingBackend implements DeviceBackend {
  private final DeviceBackend inner;
  private final Map<String, InjectedFailures> nodes = new ConcurrentHashMap<>();

  /**
   * Wraps a back end. Until failures are injected it does what that does.
   *
   * @param inner the back end
   */
  public FailingBackend(DeviceBackend inner) {
    this.inner = inner;
  }

  /**
   * A node, to inject failures into.
   *
   * @param deviceName the name of a device that was opened
   * @return its node, the last if it was opened more than once
   * @throws IllegalArgumentException if no such device was opened
   */
  public InjectedFailures node(String deviceName) {
    InjectedFailures node = nodes.get(deviceName);
    if (node == null) {
      throw new IllegalArgumentException("Not opened: device=" + deviceName + ", opened=" + nodes.keySet());
    }
    return node;
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
    return inner.probe();
  }

  @Override
  public List<DeviceNode> open(List<DeviceRequest> requests) {
    return inner.open(requests).stream().map(this::wrap).toList();
  }

  private DeviceNode wrap(DeviceNode node) {
    InjectedFailures wrapped = new InjectedFailures(node);
    nodes.put(node.info().name(), wrapped);
    return wrapped;
  }
}
