package io.samepage.benchmarks.safepoints;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code -Xlog:safepoint} with the decoration {@value #DECORATION} wrote.
 *
 * @param reachingNanos how long each safepoint took until all threads had stopped, ascending
 */
record SafepointLog(List<Long> reachingNanos) {
  static final String DECORATION = "uptimemillis";

  private static final Pattern LINE = Pattern.compile("\\[(\\d+)ms].*Safepoint \".*Reaching safepoint: +(\\d+) ns,.*");

  /** Reads those of a span of the JVM's uptime. */
  static SafepointLog of(Stream<String> lines, long fromMillis, long toMillis) {
    return new SafepointLog(lines.map(LINE::matcher).filter(Matcher::matches)
        .filter(line -> Long.parseLong(line.group(1)) >= fromMillis && Long.parseLong(line.group(1)) <= toMillis)
        .map(line -> Long.parseLong(line.group(2))).sorted().toList());
  }

  int count() {
    return reachingNanos.size();
  }

  /** The least time that so many percent of the safepoints did not exceed. */
  long percentileNanos(double percent) {
    if (reachingNanos.isEmpty()) {
      throw new IllegalStateException("The log has no safepoints of that time");
    }
    return reachingNanos.get(Math.max(0, (int) Math.ceil(percent / 100 * count()) - 1));
  }

  long maxNanos() {
    return percentileNanos(100);
  }
}
