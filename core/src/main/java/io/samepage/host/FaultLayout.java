package io.samepage.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.stream.Stream;

/** The structures and constants of {@code samepage.h}, which says what they mean. */
final class FaultLayout {
  static final int PAGE_BYTES = 4096;
  static final int UNIT_PAGES = 16;
  static final int UNIT_BYTES = UNIT_PAGES * PAGE_BYTES;
  static final int BLOCK_BYTES = 32 * UNIT_BYTES;
  static final int DEVICES = 8;

  /** What four bits of a word say. */
  static final int CLOSED = 0;
  static final int HOST_UNMAPPED = 1;
  static final int HOST_MAPPED = 2;
  static final int BUSY = 3;
  static final int BUSY_WAITED = 4;
  static final int FETCH = 5;
  static final int FETCH_WAITED = 6;
  static final int POISON = 7;
  static final int DEVICE_0 = 8;

  /** Words are stored xor this. */
  static final long WORD_UNTOUCHED = 0x1111_1111_1111_1111L;
  /** What poisoned and closed pages show, in every four bytes. */
  static final int PATTERN = 0xDEADBEEF;

  static final int FETCH_MEMORY = 1;
  static final int FETCH_OPENCL = 2;
  /** Bits of a slice's {@code sentEdges}. */
  static final long EDGE_FIRST = 1;
  static final long EDGE_LAST = 2;

  static final StructLayout CONFIG = MemoryLayout.structLayout(JAVA_INT.withName("handlers"), JAVA_INT.withName("helpers"),
      JAVA_INT.withName("around"), JAVA_INT.withName("spinMicros"), JAVA_INT.withName("fetchSpinMicros"), JAVA_INT.withName("reserved"),
      JAVA_LONG.withName("timeoutMillis"), JAVA_LONG.withName("aheadBytes"));

  static final StructLayout VIEWS = longs("user", "manager", "words", "flags");

  /** All functions are addresses of the driver's; the queues are {@code cl_command_queue}s. */
  static final StructLayout OPENCL = longs("enqueueRead", "enqueueWrite", "flush", "eventInfo", "retainEvent", "releaseEvent", "fetchQueue",
      "commandQueue");

  /** Zero where nothing is said. The fields from {@code lock} on that are not named here belong to the library. */
  static final StructLayout WINDOW = MemoryLayout.structLayout(JAVA_INT.withName("kind"), JAVA_INT.withName("lock"),
      JAVA_LONG.withName("memory"), JAVA_LONG.withName("firstByte"), JAVA_LONG.withName("sizeBytes"), JAVA_LONG.withName("range"),
      JAVA_LONG.withName("producer"), JAVA_LONG.withName("edge"), ADDRESS.withName("opencl"), JAVA_LONG.withName("faults"),
      JAVA_LONG.withName("fetchedPages"), JAVA_LONG.withName("aheadPages"), JAVA_LONG.withName("poisonedPages"));

  static final StructLayout RUN = longs("firstPage", "pageCount");
  static final StructLayout SLICE = longs("firstByte", "endByte", "sentEdges");

  /** In the order of {@link FaultStatistics}. */
  static final StructLayout STATISTICS =
      longs(Stream.of(FaultStatistics.class.getRecordComponents()).map(component -> component.getName()).toArray(String[]::new));

  private FaultLayout() {}

  private static StructLayout longs(String... names) {
    return MemoryLayout.structLayout(Stream.of(names).map(JAVA_LONG::withName).toArray(MemoryLayout[]::new));
  }

  static long offset(StructLayout layout, String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }
}
