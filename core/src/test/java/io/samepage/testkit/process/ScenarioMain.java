package io.samepage.testkit.process;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A program that uses memory by touching it, where that is to be had, and by leases. Argument: the device. Prints the mode of host access
 * and the reason, then what has worked.
 */
public final class ScenarioMain {
  static final String TOUCHED = "touched";
  static final String LEASED = "leased";
  static final String REFUSED = "refused: ";
  private static final int INTS = 1 << 18;

  private ScenarioMain() {}

  public static void main(String[] arguments) {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(arguments[0]).open()) {
      System.out.println(memory.hostAccess().mode() + ": " + memory.hostAccess().reason());
      touch(memory);
      lease(memory);
    }
  }

  private static void touch(UnifiedMemory memory) {
    try (UnifiedArena arena = memory.confinedArena()) {
      Device device = memory.devices().getFirst();
      MemorySegment a = arena.allocate(4L * INTS);
      for (int round = 0; round < 20; round++) {
        device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(INTS), out(a), value(round));
        for (int i = 0; i < INTS; i += 100) {
          a.setAtIndex(ValueLayout.JAVA_INT, i, a.getAtIndex(ValueLayout.JAVA_INT, i) + 1);
        }
        device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(INTS), inOut(a), value(5));
        for (int i = 0; i < INTS; i++) {
          check(a.getAtIndex(ValueLayout.JAVA_INT, i), round + 5 + (i % 100 == 0 ? 1 : 0));
        }
      }
      System.out.println(TOUCHED);
    } catch (UnsupportedOperationException e) {
      System.out.println(REFUSED + e.getMessage());
    }
  }

  private static void lease(UnifiedMemory memory) {
    try (UnifiedRange range = memory.allocate(4L * INTS)) {
      try (HostLease lease = range.host(Access.WRITE)) {
        lease.segment().fill((byte) 1);
      }
      memory.devices().getFirst().kernel(TestKernels.SOURCE, "increment").launch(Grid.of(INTS), inOut(range.all()), value(1));
      try (HostLease lease = range.host(Access.READ)) {
        for (int i = 0; i < INTS; i++) {
          check(lease.segment().getAtIndex(ValueLayout.JAVA_INT, i), 0x01010102);
        }
      }
    }
    System.out.println(LEASED);
  }

  private static void check(int found, int expected) {
    if (found != expected) {
      throw new AssertionError("found=" + found + ", expected=" + expected);
    }
  }
}
