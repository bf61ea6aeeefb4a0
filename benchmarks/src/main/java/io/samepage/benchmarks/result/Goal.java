package io.samepage.benchmarks.result;

import java.util.Locale;
import java.util.Optional;

/** What a comparison is to reach. */
public sealed interface Goal {
  /** The unit of times. */
  String NANOS = "ns";

  /** {@return the goal as the table shows it} */
  String text();

  /** {@return the unit of what is measured} */
  default String unit() {
    return this instanceof Amount amount ? amount.of() : NANOS;
  }

  /** {@return whether it compares with a baseline} */
  default boolean needsBaseline() {
    return this instanceof Rate || this instanceof Excess;
  }

  /**
   * Ours is at least so fast as the baseline.
   *
   * @param least the least ratio of the rates, ours through the baseline's
   */
  record Rate(double least) implements Goal {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "≥ %.2f", least);
    }
  }

  /**
   * Ours costs so much at most, whatever others cost.
   *
   * @param nanos the time
   * @param bytes what is allocated on the Java heap
   */
  record Cost(double nanos, double bytes) implements Goal {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "≤ %.0f ns, %.0f bytes", nanos, bytes);
    }
  }

  /**
   * Ours takes so long at most, whatever others take and whatever it allocates.
   *
   * @param mostNanos the time
   */
  record Time(double mostNanos) implements Goal {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "≤ %.0f µs", mostNanos / 1e3);
    }
  }

  /**
   * Ours takes at most so much longer than the baseline.
   *
   * @param mostNanos the difference
   */
  record Excess(double mostNanos) implements Goal {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "≤ baseline + %.0f µs", mostNanos / 1e3);
    }
  }

  /**
   * Ours needs so much at most of something that is not time.
   *
   * @param most how much
   * @param of what, as the table shows it behind the figure
   */
  record Amount(double most, String of) implements Goal {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "≤ %.2f %s", most, of);
    }
  }

  /** None: the figure is for the record. */
  record None() implements Goal {
    @Override
    public String text() {
      return "–";
    }
  }

  /**
   * Compares with what was measured.
   *
   * @param value ours
   * @param bytes what ours allocates, if that was measured
   * @param ratio of the rates, if there is a baseline
   * @param excess by how much ours is more, if there is a baseline
   * @return whether the goal is met, nothing if there is none
   */
  default Optional<Boolean> isMet(double value, Optional<Double> bytes, Optional<Double> ratio, Optional<Double> excess) {
    return switch (this) {
      case Rate(double least) -> Optional.of(ratio.orElseThrow() >= least);
      case Cost(double mostNanos, double mostBytes) -> Optional.of(value <= mostNanos && Math.round(bytes.orElseThrow()) <= mostBytes);
      case Time(double mostNanos) -> Optional.of(value <= mostNanos);
      case Amount(double most, String of) -> Optional.of(value <= most);
      case Excess(double mostNanos) -> Optional.of(excess.orElseThrow() <= mostNanos);
      case None() -> Optional.empty();
    };
  }
}
