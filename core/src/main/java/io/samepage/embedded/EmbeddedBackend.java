package io.samepage.embedded;

import io.samepage.BackendReport;
import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.MemoryKind;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The embedded device, always there: {@code embedded:0} and {@code embedded:1}, two separate memories, unless they are asked to use the
 * host's pages. May be used by any thread. Nodes of one instance copy to each other directly.
 */
public final class EmbeddedBackend implements DeviceBackend {
  private static final String NAME = "embedded";
  private static final int DEVICE_COUNT = 2;
  private static final long MOST_DEFAULT_BUDGET_BYTES = 1L << 30;

  private final BackendReport report;

  /** Makes a back end whose devices keep, unless told otherwise, the lesser of 1 GiB and a quarter of the JVM's largest heap each. */
  public EmbeddedBackend() {
    this(Runtime.getRuntime().maxMemory());
  }

  EmbeddedBackend(long memoryBytes) {
    long budgetBytes = Math.min(MOST_DEFAULT_BUDGET_BYTES, memoryBytes / 4);
    List<DeviceInfo> devices = IntStream.range(0, DEVICE_COUNT).mapToObj(i -> info(i, memoryBytes, budgetBytes)).toList();
    report = new BackendReport(NAME, BackendReport.State.AVAILABLE, "Part of Samepage; runs kernels that have a Java form.", "", devices);
  }

  private static DeviceInfo info(int index, long memoryBytes, long budgetBytes) {
    String driver = "Java " + Runtime.version().feature();
    return new DeviceInfo(NAME + ":" + index, NAME, "Embedded device", driver, DeviceInfo.Kind.EMBEDDED, memoryBytes, budgetBytes,
        EnumSet.of(MemoryKind.DISCRETE, MemoryKind.COHERENT));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public BackendReport probe() {
    return report;
  }

  /**
   * Opens devices, each with a memory of exactly its budget. A device may be opened more than once; each node is a memory of its own.
   *
   * @param requests the devices
   * @return a node for each, in the same order
   * @throws DeviceException if a thread can't be started; then nothing stays open
   * @throws IllegalArgumentException if a device isn't one of {@link #probe()}'s, or a budget is below 1; then nothing stays open
   */
  @Override
  public List<DeviceNode> open(List<DeviceRequest> requests) {
    requests.forEach(this::check);
    List<DeviceNode> nodes = new ArrayList<>();
    try {
      requests.forEach(request -> nodes.add(new EmbeddedNode(this, request)));
    } catch (OutOfMemoryError e) {
      nodes.forEach(DeviceNode::close);
      throw new DeviceException("Can't start the thread of an embedded device: requests=" + requests, e);
    }
    return List.copyOf(nodes);
  }

  private void check(DeviceRequest request) {
    if (!report.devices().contains(request.device())) {
      throw new IllegalArgumentException("Not a device of this back end: device=" + request.device() + ", found=" + report.devices());
    }
    if (request.budgetBytes() < 1) {
      throw new IllegalArgumentException("A budget is at least 1 byte: budgetBytes=" + request.budgetBytes() + ", device="
          + request.device().name());
    }
  }
}
