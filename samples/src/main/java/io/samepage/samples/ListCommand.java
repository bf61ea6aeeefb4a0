package io.samepage.samples;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelSource;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./run list}: data with pointers in it, in shared virtual memory. */
@Command(name = "list", description = "Builds a linked list on the host, lets a kernel walk it and square its values, and reads them along "
    + "the same pointers. For devices with shared virtual memory.")
final class ListCommand implements Callable<Integer> {
  private static final int NODES = 10_000;
  private static final int NODE_BYTES = 16;
  private static final KernelSource WALK = KernelSource.builder().openClC("""
      struct node {
        ulong next;
        long value;
      };
      __kernel void walk(__global struct node* nodes, ulong first, __global long* sum) {
        *sum = 0;
        for (__global struct node* at = (__global struct node*) first; at; at = (__global struct node*) at->next) {
          *sum += at->value;
          at->value *= at->value;
        }
      }
      """).build();

  @Spec
  private CommandSpec spec;

  @Mixin
  private DeviceOption device;

  @Override
  public Integer call() {
    try (UnifiedMemory memory = device.open()) {
      Device walker = memory.devices().getFirst();
      UnifiedRange nodes = memory.allocateSvm((long) NODES * NODE_BYTES, walker);
      UnifiedRange sum = memory.allocateSvm(Long.BYTES, walker);
      long first = build(nodes);
      walker.kernel(WALK, "walk").launch(Grid.of(1), inOut(nodes), value(first), out(sum));
      try (HostLease list = nodes.host(Access.READ); HostLease total = sum.host(Access.READ)) {
        return print(walker, total.segment().get(JAVA_LONG, 0), sumAlong(list.segment(), first));
      }
    }
  }

  /** Strings the values from 1 on together, back to front and far apart, and answers the address of the first. */
  private static long build(UnifiedRange nodes) {
    try (HostLease lease = nodes.host(Access.WRITE)) {
      long next = 0;
      for (int value = NODES; value > 0; value--) {
        MemorySegment node = lease.segment().asSlice((value * 7919L % NODES) * NODE_BYTES, NODE_BYTES);
        node.set(JAVA_LONG, 0, next);
        node.set(JAVA_LONG, Long.BYTES, value);
        next = node.address();
      }
      return next;
    }
  }

  private static long sumAlong(MemorySegment list, long first) {
    long sum = 0;
    for (long at = first; at != 0; at = list.get(JAVA_LONG, at - list.address())) {
      sum += list.get(JAVA_LONG, at - list.address() + Long.BYTES);
    }
    return sum;
  }

  private int print(Device walker, long sum, long squares) {
    long n = NODES;
    boolean isRight = sum == n * (n + 1) / 2 && squares == n * (n + 1) * (2 * n + 1) / 6;
    spec.commandLine().getOut().printf("list on %s: nodes=%d, sum=%d, sumOfSquares=%d, %s%n", walker.name(), n, sum, squares,
        isRight ? "verified" : "WRONG");
    return isRight ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
