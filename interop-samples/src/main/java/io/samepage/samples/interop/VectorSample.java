package io.samepage.samples.interop;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;

import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** One segment for the Vector API on the host and a kernel on the device, in turns, without a copy in the program. */
public final class VectorSample {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final KernelSource SCALE = KernelSource.builder()
      .openClC("__kernel void scale(__global float* a, float by) { a[get_global_id(0)] *= by; }")
      .java("scale", List.of(KernelParameter.inOut("a", 4), KernelParameter.value("by", float.class)), (group, arguments) -> {
        for (long i = group.startX(); i < group.endX(); i++) {
          MemorySegment a = arguments.segment(0);
          a.setAtIndex(FLOAT, i, a.getAtIndex(FLOAT, i) * arguments.floatValue(1));
        }
      }).build();

  private VectorSample() {}

  /**
   * Fills n floats by vectors, scales them on the device, and adds them up by vectors.
   *
   * @return the sum of (i % lanes) · by
   */
  public static float run(UnifiedMemory memory, int n, float by) {
    try (UnifiedArena arena = memory.confinedArena()) {
      MemorySegment a = arena.allocate(FLOAT, n);
      FloatVector steps = FloatVector.zero(SPECIES).addIndex(1);
      for (long i = 0; i < n; i += SPECIES.length()) {
        steps.intoMemorySegment(a, 4 * i, ORDER, SPECIES.indexInRange(i, n));
      }
      memory.devices().getFirst().kernel(SCALE, "scale").launch(Grid.of(n), inOut(a), value(by));
      FloatVector sums = FloatVector.zero(SPECIES);
      for (long i = 0; i < n; i += SPECIES.length()) {
        sums = sums.add(FloatVector.fromMemorySegment(SPECIES, a, 4 * i, ORDER, SPECIES.indexInRange(i, n)));
      }
      return sums.reduceLanes(VectorOperators.ADD);
    }
  }

  /** {@return how many floats the host works on at a time} */
  public static int lanes() {
    return SPECIES.length();
  }
}
