package io.samepage.testkit.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.BackendReport;
import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Open nodes, with windows and host memory that are given back at the end. */
final class NodeFixture implements AutoCloseable {
  /** What windows are multiples of here: a multiple of every usual page size. */
  static final int UNIT_BYTES = 64 << 10;
  /** Turns a hang into a failure. */
  private static final long FOREVER_NANOS = TimeUnit.SECONDS.toNanos(100);

  private record Owned(DeviceNode node, Window window) {}

  private final List<DeviceNode> nodes;
  private final Queue<Owned> windows = new ConcurrentLinkedQueue<>();
  private final Arena arena = Arena.ofShared();

  NodeFixture(BackendUnderTest subject, int count) {
    List<String> names = subject.deviceNames();
    assertThat(names).as("devices to test").hasSizeGreaterThanOrEqualTo(count);
    nodes = open(subject.backend(), names.subList(0, count), subject.budgetBytes());
  }

  static List<DeviceNode> open(DeviceBackend backend, List<String> names, long budgetBytes) {
    return backend.open(names.stream().map(name -> new DeviceRequest(info(backend.probe(), name), budgetBytes)).toList());
  }

  private static DeviceInfo info(BackendReport report, String name) {
    return report.devices().stream().filter(device -> device.name().equals(name)).findFirst()
        .orElseThrow(() -> new AssertionError("No device " + name + " in " + report));
  }

  DeviceNode node(int index) {
    return nodes.get(index);
  }

  List<DeviceNode> nodes() {
    return nodes;
  }

  /** A window of at least that size, freed at the end. */
  Window window(DeviceNode node, long atLeastBytes) {
    Window window = node.allocate(Math.ceilDiv(atLeastBytes, UNIT_BYTES) * (long) UNIT_BYTES);
    windows.add(new Owned(node, window));
    return window;
  }

  /** Host memory until the end. */
  MemorySegment host(long sizeBytes) {
    return arena.allocate(sizeBytes, 16);
  }

  MemorySegment host(byte[] bytes) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
  }

  static byte[] random(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  static CopyRun run(MemorySegment host, Window window, long windowOffset) {
    return new CopyRun(host.address(), window, windowOffset, host.byteSize());
  }

  /** Uploads and waits. */
  void upload(DeviceNode node, Window window, long offset, byte[] bytes) throws InterruptedException {
    node.upload(List.of(run(host(bytes), window, offset)));
    finish(node);
  }

  void upload(DeviceNode node, Window window, long offset, int... values) throws InterruptedException {
    node.upload(List.of(run(arena.allocateFrom(ValueLayout.JAVA_INT, values), window, offset)));
    finish(node);
  }

  /** Downloads and waits. */
  byte[] download(DeviceNode node, Window window, long offset, long size) throws InterruptedException {
    MemorySegment host = host(size);
    node.download(List.of(run(host, window, offset)));
    finish(node);
    return bytes(host);
  }

  int[] downloadInts(DeviceNode node, Window window, long offset, long count) throws InterruptedException {
    return MemorySegment.ofArray(download(node, window, offset, 4 * count)).toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  static void pass(NodeFence fence) throws InterruptedException {
    assertThat(fence.await(FOREVER_NANOS)).as("passed in time").isTrue();
  }

  /** Waits until all that was enqueued has run. */
  static void finish(DeviceNode node) throws InterruptedException {
    pass(node.fence());
  }

  static NodeArgument in(Window window, long offset, long size) {
    return new NodeArgument.Memory(window, offset, size, Access.READ);
  }

  static NodeArgument out(Window window, long offset, long size) {
    return new NodeArgument.Memory(window, offset, size, Access.WRITE);
  }

  static NodeArgument inOut(Window window, long offset, long size) {
    return new NodeArgument.Memory(window, offset, size, Access.READ_WRITE);
  }

  static NodeArgument value(Number value) {
    return new NodeArgument.Value(value);
  }

  @Override
  public void close() throws InterruptedException {
    for (DeviceNode node : nodes) {
      try {
        finish(node);
      } catch (DeviceException e) {
        // The test has seen it, or not cared.
      }
    }
    windows.forEach(owned -> owned.node().free(owned.window()));
    nodes.forEach(DeviceNode::close);
    arena.close();
  }
}
