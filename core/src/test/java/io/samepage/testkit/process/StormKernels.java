package io.samepage.testkit.process;

import static io.samepage.KernelParameter.inOut;
import static io.samepage.KernelParameter.out;
import static io.samepage.KernelParameter.value;

import io.samepage.KernelSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Kernels over whole pages, one item a page, whose Java form is quick in the interpreter too; and the same done to a model. */
final class StormKernels {
  static final long PAGE_BYTES = 4096;
  private static final long LAST = PAGE_BYTES - Long.BYTES;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  /**
   * {@code stamp(out long[] a, long stamp)}: every byte of a page is the stamp's lowest, but the first and last eight, which hold all of
   * the stamp and the page's number; {@code bump(inOut long[] a, long by)} adds to these.
   */
  static final KernelSource SOURCE = KernelSource.builder()
      .openClC("""
          __kernel void stamp(__global long* a, long stamp) {
            size_t page = get_global_id(0);
            for (int i = 1; i < 511; i++) a[page * 512 + i] = (stamp & 255) * 0x0101010101010101L;
            a[page * 512] = (stamp << 16) + (long) page;
            a[page * 512 + 511] = (stamp << 16) + (long) page;
          }
          __kernel void bump(__global long* a, long by) {
            size_t page = get_global_id(0);
            a[page * 512] += by;
            a[page * 512 + 511] += by;
          }
          """)
      .java("stamp", List.of(out("a", 8), value("stamp", long.class)), (group, arguments) ->
          stamp(arguments.segment(0), group.startX(), group.endX(), arguments.longValue(1)))
      .java("bump", List.of(inOut("a", 8), value("by", long.class)), (group, arguments) ->
          bump(arguments.segment(0), group.startX(), group.endX(), arguments.longValue(1)))
      .build();

  private StormKernels() {}

  static void stamp(MemorySegment pages, long first, long end, long stamp) {
    pages.asSlice(first * PAGE_BYTES, (end - first) * PAGE_BYTES).fill((byte) stamp);
    for (long page = first; page < end; page++) {
      pages.set(LONG, page * PAGE_BYTES, (stamp << 16) + page);
      pages.set(LONG, page * PAGE_BYTES + LAST, (stamp << 16) + page);
    }
  }

  static void bump(MemorySegment pages, long first, long end, long by) {
    for (long page = first; page < end; page++) {
      long at = page * PAGE_BYTES;
      pages.set(LONG, at, pages.get(LONG, at) + by);
      pages.set(LONG, at + LAST, pages.get(LONG, at + LAST) + by);
    }
  }
}
