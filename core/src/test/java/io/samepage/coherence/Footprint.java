package io.samepage.coherence;

import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of its own, for {@link FootprintTest}: allocates ranges of 1 TiB, touches none, and prints as {@code name=value} what one
 * of them cost. Several, so that what the JVM does meanwhile weighs little.
 */
final class Footprint {
  private static final long TEBIBYTE = 1L << 40;
  private static final int WARM_UP = 4;
  private static final int RANGES = 16;

  private Footprint() {}

  public static void main(String[] arguments) throws IOException {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded:0").open()) {
      allocate(memory, WARM_UP).forEach(UnifiedRange::close);
      long heap = usedHeapBytes();
      long resident = status("VmRSS");
      long tables = status("VmPTE");
      long start = System.nanoTime();
      List<UnifiedRange> ranges = allocate(memory, RANGES);
      long nanos = System.nanoTime() - start;
      long tablesAfter = status("VmPTE");
      long residentAfter = status("VmRSS");
      print("heapBytes", usedHeapBytes() - heap);
      print("residentBytes", residentAfter - resident);
      print("pageTableBytes", tablesAfter - tables);
      print("nanos", nanos);
      if (ranges.stream().mapToLong(UnifiedRange::sizeBytes).sum() != RANGES * TEBIBYTE) {
        throw new IllegalStateException("Not what was asked for: ranges=" + ranges);
      }
    }
  }

  private static List<UnifiedRange> allocate(UnifiedMemory memory, int count) {
    List<UnifiedRange> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(memory.allocate(TEBIBYTE));
    }
    return ranges;
  }

  private static void print(String name, long ofAll) {
    System.out.println(name + "=" + ofAll / RANGES);
  }

  private static long usedHeapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long status(String field) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.filter(line -> line.startsWith(field + ":")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum() << 10;
    }
  }
}
