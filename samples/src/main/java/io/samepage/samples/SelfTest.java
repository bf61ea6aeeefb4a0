package io.samepage.samples;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.KernelArguments;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.WorkGroup;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.HostView;
import io.samepage.samples.hostview.Region;
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
      .ptxResource(SelfTest.class, "selftest.ptx")
      .java("square", List.of(KernelParameter.in("a", Integer.BYTES), KernelParameter.out("b", Integer.BYTES)), SelfTest::square)
      .build();

  private SelfTest() {}

  /** Runs on the first device of the space's memory, and answers whether the results are right. */
  static boolean run(HostSpace space) {
    Region a = space.allocate(COUNT * Integer.BYTES);
    Region b = space.allocate(COUNT * Integer.BYTES);
    try (HostView view = a.view(Access.WRITE)) {
      IntStream.range(0, COUNT).forEach(i -> view.segment().setAtIndex(INT, i, i - COUNT / 2));
    }
    space.memory().devices().getFirst().kernel(SOURCE, "square").launch(Grid.of(COUNT), a.in(), b.out()).await();
    try (HostView view = b.view(Access.READ)) {
      return IntStream.range(0, COUNT).allMatch(i -> view.segment().getAtIndex(INT, i) == (i - COUNT / 2) * (i - COUNT / 2));
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
