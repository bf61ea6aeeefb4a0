package io.samepage.samples;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelArguments;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.WorkGroup;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

/** The smallest program that needs everything to work: host to device, a kernel, device to host. */
final class SelfTest {
  private static final int COUNT = 1000;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private static final KernelSource SOURCE = KernelSource.builder()
      .openClC("""
          __kernel void square(__global const int* a, __global int* b) {
            size_t i = get_global_id(0);
            b[i] = a[i] * a[i];
          }
          """)
      .java("square", List.of(KernelParameter.in("a", Integer.BYTES), KernelParameter.out("b", Integer.BYTES)), SelfTest::square)
      .build();

  private SelfTest() {}

  /** Runs on the memory's first device, and answers whether the results are right. */
  static boolean run(UnifiedMemory memory) {
    try (UnifiedRange a = memory.allocate(COUNT * Integer.BYTES); UnifiedRange b = memory.allocate(COUNT * Integer.BYTES)) {
      try (HostLease lease = a.host(Access.WRITE)) {
        IntStream.range(0, COUNT).forEach(i -> lease.segment().setAtIndex(INT, i, i - COUNT / 2));
      }
      memory.devices().getFirst().kernel(SOURCE, "square").launch(Grid.of(COUNT), in(a), out(b)).await();
      try (HostLease lease = b.host(Access.READ)) {
        return IntStream.range(0, COUNT).allMatch(i -> lease.segment().getAtIndex(INT, i) == (i - COUNT / 2) * (i - COUNT / 2));
      }
    }
  }

  private static void square(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    MemorySegment b = arguments.segment(1);
    for (long i = group.startX(); i < group.endX(); i++) {
      int value = a.getAtIndex(INT, i);
      b.setAtIndex(INT, i, value * value);
    }
  }
}
