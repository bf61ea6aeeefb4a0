package io.samepage.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/** How the fault handler works, from system properties. */
record WatchedSettings(int handlers, int helpers, int around, int spinMicros, int fetchSpinMicros, int boundProcessors,
    long timeoutMillis, long aheadBytes) {
  // struct sp_config
  private static final long SIZE_BYTES = 40;
  private static final long TIMEOUT = 24;
  private static final long AHEAD = 32;

  static WatchedSettings fromProperties() {
    return new WatchedSettings(number("handlers", 4, 1, 32), number("helpers", 2, 1, 8), usualAround(),
        number("spinMicros", 30, 0, 1_000_000), number("fetchSpinMicros", 50, 0, 1_000_000),
        number("boundProcessors", 4, 0, 32), number("timeoutMillis", 10_000, 1, Integer.MAX_VALUE),
        number("aheadBytes", 8 << 20, 0, Integer.MAX_VALUE));
  }

  private static int number(String name, int usual, int least, int most) {
    String property = "samepage.fault." + name;
    String text = System.getProperty(property);
    try {
      int value = text == null ? usual : Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(property + "=" + text + " is not a number from " + least + " to " + most);
  }

  private static int usualAround() {
    String text = System.getProperty("samepage.fault.around", "dense");
    return switch (text) {
      case "page" -> 0;
      case "unit" -> 1;
      case "dense" -> 2;
      default -> throw new IllegalArgumentException("samepage.fault.around=" + text + " is not one of page, unit, dense");
    };
  }

  MemorySegment struct(SegmentAllocator allocator) {
    MemorySegment struct = allocator.allocate(SIZE_BYTES, Long.BYTES);
    struct.copyFrom(MemorySegment.ofArray(new int[] {handlers, helpers, around, spinMicros, fetchSpinMicros, boundProcessors}));
    struct.set(ValueLayout.JAVA_LONG, TIMEOUT, timeoutMillis);
    struct.set(ValueLayout.JAVA_LONG, AHEAD, aheadBytes);
    return struct;
  }
}
