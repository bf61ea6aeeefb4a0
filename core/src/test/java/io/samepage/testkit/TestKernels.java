package io.samepage.testkit;

import static io.samepage.KernelParameter.in;
import static io.samepage.KernelParameter.inOut;
import static io.samepage.KernelParameter.out;
import static io.samepage.KernelParameter.value;

import io.samepage.KernelArguments;
import io.samepage.KernelSource;
import io.samepage.WorkGroup;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The kernels that the contract tests launch, in every form. All run over a one-dimensional grid, one item an element. */
public final class TestKernels {
  /**
   * {@code add(in int[] a, in int[] b, out int[] c)}; {@code increment(inOut int[] a, int by)};
   * {@code fill(out int[] a, int value)}; {@code stamp(out long[] a, long value)}; {@code copy(in byte[] a, out byte[] b)};
   * {@code affine(in float[] a, out float[] b, float scale, float shift)};
   * {@code weigh(in int[] a, out long[] b, long weight, double factor, short s, byte t)};
   * {@code churn(inOut int[] a, int steps)}: a long one, every element goes through {@code steps} steps of x·1664525+1013904223.
   */
  public static final KernelSource SOURCE = KernelSource.builder()
      .openClC("""
          __kernel void add(__global const int* a, __global const int* b, __global int* c) {
            size_t i = get_global_id(0);
            c[i] = a[i] + b[i];
          }
          __kernel void increment(__global int* a, int by) {
            a[get_global_id(0)] += by;
          }
          __kernel void fill(__global int* a, int value) {
            a[get_global_id(0)] = value;
          }
          __kernel void stamp(__global long* a, long value) {
            a[get_global_id(0)] = value;
          }
          __kernel void copy(__global const char* a, __global char* b) {
            size_t i = get_global_id(0);
            b[i] = a[i];
          }
          __kernel void affine(__global const float* a, __global float* b, float scale, float shift) {
            size_t i = get_global_id(0);
            b[i] = a[i] * scale + shift;
          }
          __kernel void weigh(__global const int* a, __global long* b, long weight, double factor, short s, char t) {
            size_t i = get_global_id(0);
            b[i] = a[i] * weight + (long) factor + s + t;
          }
          __kernel void churn(__global int* a, int steps) {
            size_t i = get_global_id(0);
            uint x = as_uint(a[i]);
            for (int s = 0; s < steps; s++) x = x * 1664525u + 1013904223u;
            a[i] = as_int(x);
          }
          """)
      .ptxResource(TestKernels.class, "TestKernels.ptx")
      .java("add", List.of(in("a", 4), in("b", 4), out("c", 4)), TestKernels::add)
      .java("increment", List.of(inOut("a", 4), value("by", int.class)), TestKernels::increment)
      .java("fill", List.of(out("a", 4), value("value", int.class)), TestKernels::fill)
      .java("stamp", List.of(out("a", 8), value("value", long.class)), TestKernels::stamp)
      .java("copy", List.of(in("a", 1), out("b", 1)), TestKernels::copy)
      .java("affine", List.of(in("a", 4), out("b", 4), value("scale", float.class), value("shift", float.class)), TestKernels::affine)
      .java("weigh", List.of(in("a", 4), out("b", 8), value("weight", long.class), value("factor", double.class),
          value("s", short.class), value("t", byte.class)), TestKernels::weigh)
      .java("churn", List.of(inOut("a", 4), value("steps", int.class)), TestKernels::churn)
      .build();

  // Slices may begin at any multiple of the element size of the driver's taste; ours carry no alignment of their own.
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private TestKernels() {}

  private static void add(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    MemorySegment b = arguments.segment(1);
    MemorySegment c = arguments.segment(2);
    for (long i = group.startX(); i < group.endX(); i++) {
      c.setAtIndex(INT, i, a.getAtIndex(INT, i) + b.getAtIndex(INT, i));
    }
  }

  private static void increment(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    int by = arguments.intValue(1);
    for (long i = group.startX(); i < group.endX(); i++) {
      a.setAtIndex(INT, i, a.getAtIndex(INT, i) + by);
    }
  }

  private static void fill(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    int value = arguments.intValue(1);
    for (long i = group.startX(); i < group.endX(); i++) {
      a.setAtIndex(INT, i, value);
    }
  }

  private static void stamp(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    long value = arguments.longValue(1);
    for (long i = group.startX(); i < group.endX(); i++) {
      a.setAtIndex(LONG, i, value);
    }
  }

  private static void copy(WorkGroup group, KernelArguments arguments) {
    long size = group.endX() - group.startX();
    MemorySegment.copy(arguments.segment(0), group.startX(), arguments.segment(1), group.startX(), size);
  }

  private static void affine(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    MemorySegment b = arguments.segment(1);
    for (long i = group.startX(); i < group.endX(); i++) {
      b.setAtIndex(FLOAT, i, a.getAtIndex(FLOAT, i) * arguments.floatValue(2) + arguments.floatValue(3));
    }
  }

  private static void weigh(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    MemorySegment b = arguments.segment(1);
    for (long i = group.startX(); i < group.endX(); i++) {
      long weighed = a.getAtIndex(INT, i) * arguments.longValue(2) + (long) arguments.doubleValue(3);
      b.setAtIndex(LONG, i, weighed + arguments.intValue(4) + arguments.intValue(5));
    }
  }

  private static void churn(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    int steps = arguments.intValue(1);
    for (long i = group.startX(); i < group.endX(); i++) {
      a.setAtIndex(INT, i, churned(a.getAtIndex(INT, i), steps));
    }
  }

  /**
   * What {@code churn} makes of a value.
   *
   * @param value the value
   * @param steps how many steps
   * @return the result
   */
  public static int churned(int value, int steps) {
    int x = value;
    for (int s = 0; s < steps; s++) {
      x = x * 1664525 + 1013904223;
    }
    return x;
  }
}
