package io.samepage.opencl;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.SamepageException;
import io.samepage.node.NodeArgument;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Finds out whether a device and the host see each other's stores in the host's memory without mapping it. OpenCL promises that for no
 * buffer, and drivers that keep a copy of one are told from those that don't by what the host reads.
 */
final class HostPagesTrial {
  private static final KernelSource SOURCE = KernelSource.builder().openClC("""
      __kernel void advance(__global const uint* from, __global uint* to) {
        size_t i = get_global_id(0);
        to[i] = 3 * from[i] + 1;
      }
      """).build();
  private static final long PAGE_BYTES = 64 * 1024;
  static final long HOST_BYTES = 2 * PAGE_BYTES;
  private static final int ITEMS = 1024;
  private static final int ROUNDS = 4;
  private static final byte FILLED = 0x5A;
  /** The handles of devices that did well. */
  private static final Set<Long> PASSED = ConcurrentHashMap.newKeySet();

  private final OpenClNode node;
  private final MemorySegment host;
  private final Window window;

  private HostPagesTrial(OpenClNode node, MemorySegment host, Window window) {
    this.node = node;
    this.host = host;
    this.window = window;
  }

  /**
   * Tries a device out, if nobody has in this process: what it answers is the driver's way, not the node's.
   *
   * @param node a node that nobody uses yet
   * @param device its device
   * @throws MemoryKindException if the two don't see the same bytes, or the driver refuses
   */
  static void run(OpenClNode node, FoundDevice device) {
    if (PASSED.contains(device.id())) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(HOST_BYTES, PAGE_BYTES);
      Window window = node.wrap(host.address(), host.byteSize());
      try {
        compare(node, device, host, window);
        PASSED.add(device.id());
      } finally {
        node.free(window);
      }
    } catch (MemoryKindException e) {
      throw e;
    } catch (SamepageException e) {
      throw refused(node, "the driver refuses to use the host's memory: " + e.getMessage());
    }
  }

  /** Throws if a window doesn't show what the host has stored in so much memory, or the host what commands have done to the window. */
  static void compare(OpenClNode node, FoundDevice device, MemorySegment host, Window window) {
    new HostPagesTrial(node, host, window).run(device.limits().alignmentBytes());
  }

  private static MemoryKindException refused(OpenClNode node, String reason) {
    return new MemoryKindException(node.info().name(), MemoryKind.COHERENT, Set.of(MemoryKind.DISCRETE), reason);
  }

  private void run(long alignmentBytes) {
    OpenClKernel kernel = (OpenClKernel) node.kernel(SOURCE, "advance");
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < ITEMS; i++) {
        host.setAtIndex(ValueLayout.JAVA_INT, i, round + 7 * i);
      }
      complete(commands -> advance(kernel, alignmentBytes, commands));
      for (int i = 0; i < ITEMS; i++) {
        check(host.get(ValueLayout.JAVA_INT, PAGE_BYTES + (long) Integer.BYTES * i) == 3 * (round + 7 * i) + 1, "a kernel");
      }
      complete(commands -> commands.add(node.calls().enqueueFill(node.queueHandle(), window.handle(), 0, ITEMS, FILLED)));
      check(host.get(ValueLayout.JAVA_BYTE, ITEMS - 1) == FILLED, "a fill");
      host.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      complete(commands -> commands.add(
          node.calls().enqueueCopy(node.queueHandle(), window.handle(), 0, window.handle(), PAGE_BYTES, ITEMS)));
      check(host.asSlice(0, ITEMS).mismatch(host.asSlice(PAGE_BYTES, ITEMS)) == -1, "a copy");
    }
  }

  /** By the parts of a buffer, as arguments mostly are. Nothing of it is counted. */
  private void advance(OpenClKernel kernel, long alignmentBytes, EventList commands) {
    List<NodeArgument> arguments = List.of(memory(0, Access.READ), memory(PAGE_BYTES, Access.WRITE));
    try (PlacedArguments placed = new PlacedArguments(node, node.queueHandle(), arguments, commands)) {
      placed.place(alignmentBytes);
      commands.add(kernel.enqueue(node.queueHandle(), Grid.of(ITEMS), placed));
    }
  }

  private void complete(Consumer<EventList> work) {
    EventList commands = new EventList();
    try {
      work.accept(commands);
    } finally {
      node.finish(commands);
    }
  }

  private NodeArgument memory(long offsetBytes, Access access) {
    return new NodeArgument.Memory(window, offsetBytes, (long) Integer.BYTES * ITEMS, access);
  }

  private void check(boolean isSame, String what) {
    if (!isSame) {
      throw refused(node, "the host does not see what " + what + " of the device has done in the host's memory: the driver keeps a copy");
    }
  }
}
