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

  private ProcessMemory() {}

  /** The bytes of all objects that are reachable. */
  static long heapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /**
   * The resident bytes of memory that was mapped without reserving it: the tables of watched memory are, and of the JVM's memory hardly
   * anything is; neither its heap nor what malloc maps for the windows of a device.
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
    boolean isPrivate = false;
    for (String line : lines) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        isPrivate = line.matches("\\S+ rw-p \\S+ \\S+ 0\\s*");
      } else if (line.startsWith("Rss:")) {
        residentKib = Long.parseLong(line.replaceAll("\\D", ""));
      } else if (line.startsWith("VmFlags:") && isPrivate && (line + " ").contains(" nr ")) {
        sumKib += residentKib;
      }
    }
    return sumKib * KIB;
  }
}
