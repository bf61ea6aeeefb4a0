package io.samepage.benchmarks.footprint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process has in memory, as Linux and the JVM tell. */
final class ProcessMemory {
  private static final Path MAPS = Path.of("/proc/self/smaps");
  private static final long KIB = 1024;
  private static final long LEAST_KIB = 65 << 10;

  private ProcessMemory() {}

  /** The bytes of all objects that are reachable. */
  static long heapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /**
   * The resident bytes of memory that was mapped in one large piece without reserving it: the tables of watched memory are. Stacks and
   * what malloc maps for threads, 64 MiB at most, are smaller; the JVM's heap and the windows of a device are reserved.
   */
  static long tableBytes() {
    try {
      return tableBytes(Files.readAllLines(MAPS));
    } catch (IOException e) {
      throw new UncheckedIOException("The memory's maps can't be read: file=" + MAPS, e);
    }
  }

  /** The same of the lines of a file like Linux's. */
  static long tableBytes(List<String> lines) {
    long sumKib = 0;
    long residentKib = 0;
    boolean isTable = false;
    for (String line : lines) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        isTable = line.matches("\\S+ rw-p \\S+ \\S+ 0\\s*");
      } else if (line.startsWith("Size:")) {
        isTable &= kib(line) >= LEAST_KIB;
      } else if (line.startsWith("Rss:")) {
        residentKib = kib(line);
      } else if (line.startsWith("VmFlags:") && isTable && (line + " ").contains(" nr ")) {
        sumKib += residentKib;
      }
    }
    return sumKib * KIB;
  }

  private static long kib(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
