package io.samepage.cuda;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.SamepageException;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;

/**
 * Finds out whether kernels, fills and copies of a device see what the host has stored in its own memory, and the host what they have
 * done there. What a driver says of a device is one thing, and what the system around it can do another.
 */
final class HostPagesTrial {
  private static final KernelSource SOURCE = KernelSource.builder().ptxResource(HostPagesTrial.class, "HostPagesTrial.ptx").build();
  private static final long PAGE_BYTES = 64 * 1024;
  static final long HOST_BYTES = 2 * PAGE_BYTES;
  private static final int ITEMS = 1024;
  private static final int ROUNDS = 4;
  private static final byte FILLED = 0x5A;

  private final CudaNode node;
  private final MemorySegment host;
  private final Window window;

  private HostPagesTrial(CudaNode node, MemorySegment host, Window window) {
    this.node = node;
    this.host = host;
    this.window = window;
  }

  /**
   * Tries a device out.
   *
   * @param node a node that nobody uses yet
   * @throws MemoryKindException if the two don't see the same bytes, or the driver refuses
   */
  static void run(CudaNode node) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment host = arena.allocate(HOST_BYTES, PAGE_BYTES);
      node.useHost(host.address(), host.byteSize());
      try {
        compare(node, host, node.wrap(host.address(), host.byteSize()));
      } finally {
        node.leaveHost(host.address(), host.byteSize());
      }
    } catch (MemoryKindException e) {
      throw e;
    } catch (SamepageException e) {
      throw refused(node, "the driver refuses to use the host's memory: " + e.getMessage());
    }
  }

  /** Throws if a window doesn't show what the host has stored in so much memory, or the host what commands have done to the window. */
  static void compare(CudaNode node, MemorySegment host, Window window) {
    new HostPagesTrial(node, host, window).run();
  }

  private static MemoryKindException refused(CudaNode node, String reason) {
    return new MemoryKindException(node.info().name(), MemoryKind.COHERENT, Set.of(MemoryKind.DISCRETE), reason);
  }

  private void run() {
    NodeQueue queue = node.untoldQueue();
    CudaKernel kernel = (CudaKernel) node.kernel(SOURCE, "advance");
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < ITEMS; i++) {
        host.setAtIndex(ValueLayout.JAVA_INT, i, round + 7 * i);
      }
      complete(queue.launch(kernel, Grid.of(ITEMS), List.of(memory(0, Access.READ), memory(PAGE_BYTES, Access.WRITE)),
          NodeQueue.After.NOTHING));
      for (int i = 0; i < ITEMS; i++) {
        check(host.get(ValueLayout.JAVA_INT, PAGE_BYTES + (long) Integer.BYTES * i) == 3 * (round + 7 * i) + 1, "a kernel");
      }
      complete(queue.fill(window, 0, ITEMS, FILLED, NodeQueue.After.NOTHING));
      check(host.get(ValueLayout.JAVA_BYTE, ITEMS - 1) == FILLED, "a fill");
      host.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      complete(queue.copy(new PeerRun(window, 0, window, PAGE_BYTES, ITEMS), NodeQueue.After.NOTHING));
      check(host.asSlice(0, ITEMS).mismatch(host.asSlice(PAGE_BYTES, ITEMS)) == -1, "a copy");
    }
  }

  private static void complete(NodeFence fence) {
    fence.awaitUninterruptibly();
  }

  private NodeArgument memory(long offsetBytes, Access access) {
    return new NodeArgument.Memory(window, offsetBytes, (long) Integer.BYTES * ITEMS, access);
  }

  private void check(boolean isSame, String what) {
    if (!isSame) {
      throw refused(node, "the host does not see what " + what + " of the device has done in the host's memory");
    }
  }
}
