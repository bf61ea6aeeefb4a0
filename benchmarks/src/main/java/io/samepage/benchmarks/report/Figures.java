package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Spread;
import java.util.Locale;
import java.util.Optional;

/** Figures as tables show them. */
final class Figures {
  static final String NONE = "–";

  private Figures() {}

  static String orDash(Optional<String> cell) {
    return cell.orElse(NONE);
  }

  static String met(Optional<Boolean> met) {
    return orDash(met.map(isMet -> isMet ? "yes" : "no"));
  }

  static String ratio(Spread ratio) {
    return format("%.2f (%.2f to %.2f)", ratio.median(), ratio.low(), ratio.high());
  }

  static String ratio(Row row) {
    return orDash(row.ratio().map(ratio -> row.expectedRatio().map(Figures::ratio)
        .orElseGet(() -> format("%.2f (of %d)", ratio.median(), row.rounds()))));
  }

  static String ours(Row row) {
    return value(row.ours(), row.unit());
  }

  static String baseline(Row row) {
    return orDash(row.baseline().map(other -> value(other, row.unit())));
  }

  static String bytes(Row row) {
    return orDash(row.oursAllocatedBytes().map(bytes -> format("%,.0f", bytes.median())));
  }

  private static String value(Spread value, String unit) {
    return unit.equals(Goal.NANOS) ? nanos(value.median()) : format("%.2f %s", value.median(), unit);
  }

  static String nanos(double nanos) {
    if (nanos < 10_000) {
      return format("%.0f ns", nanos);
    }
    return nanos < 10_000_000 ? format("%.1f µs", nanos / 1e3) : format("%.2f ms", nanos / 1e6);
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
