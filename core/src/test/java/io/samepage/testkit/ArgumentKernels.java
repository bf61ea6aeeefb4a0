package io.samepage.testkit;

import static io.samepage.KernelParameter.in;
import static io.samepage.KernelParameter.inOut;
import static io.samepage.KernelParameter.local;
import static io.samepage.KernelParameter.memory;
import static io.samepage.KernelParameter.out;
import static io.samepage.KernelParameter.struct;
import static io.samepage.KernelParameter.value;

import io.samepage.KernelArguments;
import io.samepage.KernelSource;
import io.samepage.WorkGroup;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Kernels that take every kind of argument. Where the OpenCL form has a pointer to what is not const, the Java form says no more of it,
 * but for {@code overwrite}, whose Java form says that it does.
 */
public final class ArgumentKernels {
  /**
   * {@code scale(in float[] a, memory float[] b, float f)}: b = f · a; {@code peek(memory int[] a, memory int[] b)}: b = a;
   * {@code overwrite(out int[] a, int value)};
   * {@code letters(out int[2] a, char c, boolean d)}: what arrives; {@code pack(out double[6] a, every other primitive)}: the same;
   * {@code apply(in int[] a, out float[] b, struct {int first; float factor; byte sign} s)}: b = (first + a) · factor · sign;
   * {@code weigh(out float[1] a, float4 v, float more)}: v · (1, 2, 3, 4) + more;
   * {@code reverse(inOut int[] a, local int[] scratch)}: each group's items in reverse order;
   * {@code evens(memory int[] a)}: writes 7 to those with even indices;
   * {@code same(memory int[] a)}: writes back what it reads;
   * {@code count(inOut int[] a, memory int[] b)}: adds 1 to a, and copies it to b where it is even then.
   */
  public static final KernelSource SOURCE = KernelSource.builder()
      .openClC("""
          typedef struct { int first; float factor; char sign; } settings;
          typedef float real;
          __kernel void scale(__global const float* a, __global float* b, real f) {
            size_t i = get_global_id(0);
            b[i] = f * a[i];
          }
          __kernel void peek(__global int* a, __global int* b) {
            size_t i = get_global_id(0);
            b[i] = a[i];
          }
          __kernel void overwrite(__global int* a, int value) {
            a[get_global_id(0)] = value;
          }
          __kernel void letters(__global int* a, ushort c, uchar d) {
            a[0] = c;
            a[1] = d;
          }
          __kernel void pack(__global double* a, char b, short c, int d, long e, float f, double g) {
            a[0] = b; a[1] = c; a[2] = d; a[3] = e; a[4] = f; a[5] = g;
          }
          __kernel void apply(__constant int* a, __global float* b, settings s) {
            size_t i = get_global_id(0);
            b[i] = (s.first + a[i]) * s.factor * s.sign;
          }
          __kernel void weigh(__global float* a, float4 v, float more) {
            a[0] = v.x + 2 * v.y + 3 * v.z + 4 * v.w + more;
          }
          __kernel void reverse(__global int* a, __local int* scratch) {
            size_t i = get_global_id(0);
            size_t k = get_local_id(0);
            scratch[k] = a[i];
            barrier(CLK_LOCAL_MEM_FENCE);
            a[i] = scratch[get_local_size(0) - 1 - k];
          }
          __kernel void evens(__global int* a) {
            size_t i = get_global_id(0);
            if (i % 2 == 0) a[i] = 7;
          }
          __kernel void same(__global int* a) {
            volatile __global int* b = a;
            size_t i = get_global_id(0);
            b[i] = b[i];
          }
          __kernel void count(__global int* a, __global int* b) {
            size_t i = get_global_id(0);
            a[i] += 1;
            if (a[i] % 2 == 0) b[i] = a[i];
          }
          """)
      .ptxResource(ArgumentKernels.class, "ArgumentKernels.ptx")
      .java("scale", List.of(in("a", 4), memory("b", 4), value("f", float.class)), ArgumentKernels::scale)
      .java("peek", List.of(memory("a", 4), memory("b", 4)), ArgumentKernels::peek)
      .java("overwrite", List.of(out("a", 4), value("value", int.class)), (group, arguments) -> {
        for (long i = group.startX(); i < group.endX(); i++) {
          arguments.segment(0).setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, arguments.intValue(1));
        }
      })
      .java("letters", List.of(memory("a", 4), value("c", char.class), value("d", boolean.class)), ArgumentKernels::letters)
      .java("pack", List.of(memory("a", 8), value("b", byte.class), value("c", short.class), value("d", int.class),
          value("e", long.class), value("f", float.class), value("g", double.class)), ArgumentKernels::pack)
      .java("apply", List.of(in("a", 4), memory("b", 4), struct("s", 12)), ArgumentKernels::apply)
      .java("weigh", List.of(memory("a", 4), struct("v", 16), value("more", float.class)), ArgumentKernels::weigh)
      .java("reverse", List.of(inOut("a", 4), local("scratch", 4)), ArgumentKernels::reverse)
      .java("evens", List.of(memory("a", 4)), ArgumentKernels::evens)
      .java("same", List.of(memory("a", 4)), ArgumentKernels::same)
      .java("count", List.of(inOut("a", 4), memory("b", 4)), ArgumentKernels::count)
      .build();

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private ArgumentKernels() {}

  private static void scale(WorkGroup group, KernelArguments arguments) {
    for (long i = group.startX(); i < group.endX(); i++) {
      arguments.segment(1).setAtIndex(FLOAT, i, arguments.floatValue(2) * arguments.segment(0).getAtIndex(FLOAT, i));
    }
  }

  private static void peek(WorkGroup group, KernelArguments arguments) {
    MemorySegment.copy(arguments.segment(0), 4 * group.startX(), arguments.segment(1), 4 * group.startX(),
        4 * (group.endX() - group.startX()));
  }

  private static void letters(WorkGroup group, KernelArguments arguments) {
    arguments.segment(0).setAtIndex(INT, 0, arguments.charValue(1));
    arguments.segment(0).setAtIndex(INT, 1, arguments.booleanValue(2) ? 1 : 0);
  }

  private static void pack(WorkGroup group, KernelArguments arguments) {
    for (int i = 1; i <= 6; i++) {
      arguments.segment(0).setAtIndex(DOUBLE, i - 1, arguments.doubleValue(i));
    }
  }

  private static void apply(WorkGroup group, KernelArguments arguments) {
    MemorySegment settings = arguments.segment(2);
    float factor = settings.get(ValueLayout.JAVA_FLOAT, 4) * settings.get(ValueLayout.JAVA_BYTE, 8);
    for (long i = group.startX(); i < group.endX(); i++) {
      int sum = settings.get(ValueLayout.JAVA_INT, 0) + arguments.segment(0).getAtIndex(INT, i);
      arguments.segment(1).setAtIndex(FLOAT, i, sum * factor);
    }
  }

  private static void weigh(WorkGroup group, KernelArguments arguments) {
    float sum = arguments.floatValue(2);
    for (int i = 0; i < 4; i++) {
      sum += (i + 1) * arguments.segment(1).getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    arguments.segment(0).setAtIndex(FLOAT, 0, sum);
  }

  private static void reverse(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    MemorySegment scratch = arguments.segment(1);
    long items = group.endX() - group.startX();
    MemorySegment.copy(a, 4 * group.startX(), scratch, 0, 4 * items);
    for (long k = 0; k < items; k++) {
      a.setAtIndex(INT, group.startX() + k, scratch.getAtIndex(ValueLayout.JAVA_INT, items - 1 - k));
    }
  }

  private static void evens(WorkGroup group, KernelArguments arguments) {
    for (long i = group.startX(); i < group.endX(); i++) {
      if (i % 2 == 0) {
        arguments.segment(0).setAtIndex(INT, i, 7);
      }
    }
  }

  private static void same(WorkGroup group, KernelArguments arguments) {
    for (long i = group.startX(); i < group.endX(); i++) {
      arguments.segment(0).setAtIndex(INT, i, arguments.segment(0).getAtIndex(INT, i));
    }
  }

  private static void count(WorkGroup group, KernelArguments arguments) {
    for (long i = group.startX(); i < group.endX(); i++) {
      int counted = arguments.segment(0).getAtIndex(INT, i) + 1;
      arguments.segment(0).setAtIndex(INT, i, counted);
      if (counted % 2 == 0) {
        arguments.segment(1).setAtIndex(INT, i, counted);
      }
    }
  }
}
