package io.samepage.benchmarks.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory in huge pages is faster: what is compared must have none. */
final class SmallPages {
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");
  private static final Pattern HUGE = Pattern.compile("(?:AnonHugePages|ShmemPmdMapped|FilePmdMapped): +(\\d+) kB");

  private SmallPages() {}

  /** Throws if a mapping that the memory lies in has huge pages. */
  static void check(MemorySegment memory) {
    boolean lies = false;
    try {
      for (String line : Files.readAllLines(MAPPINGS)) {
        Matcher mapping = MAPPING.matcher(line);
        Matcher huge = HUGE.matcher(line);
        if (mapping.matches()) {
          lies = isIn(mapping, memory);
        } else if (lies && huge.matches() && !huge.group(1).equals("0")) {
          throw new IllegalStateException("The memory lies in huge pages, found=" + line
              + ". Set /sys/kernel/mm/transparent_hugepage/enabled to madvise.");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isIn(Matcher mapping, MemorySegment memory) {
    long start = Long.parseUnsignedLong(mapping.group(1), 16);
    long end = Long.parseUnsignedLong(mapping.group(2), 16);
    return start < memory.address() + memory.byteSize() && memory.address() < end;
  }
}
