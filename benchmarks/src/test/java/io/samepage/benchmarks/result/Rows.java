package io.samepage.benchmarks.result;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows, runs and results for tests. */
public final class Rows {
  /** A machine. */
  public static final Machine MACHINE = new Machine("A processor", 2, 24, "Linux 6.18 amd64", "A Java 25", "A device", "A driver 1.0",
      "opencl-cpu-amd64-2-cores");

  private Rows() {}

  /** A row with a ratio. */
  public static Row pair(String title, String measured, Spread ratio, int rounds) {
    return new Row(title, "./bench Some", measured, Optional.of(ratio), "≥ 0.95", Optional.of(true), Goal.NANOS,
        new Spread(60_000, 62_000, 70_000), Optional.of(new Spread(50_000, 60_000, 61_000)), Optional.of(new Spread(-1000, 2000, 9000)),
        Optional.empty(), rounds, Optional.empty(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  /** A row with a ratio that was the same in all of five rounds. */
  public static Row pair(String title, double ratio) {
    return pair(title, "2026-11-21", new Spread(ratio, ratio, ratio), 5);
  }

  /** A row about a time without another side. */
  public static Row alone(String title, double nanos, double bytes) {
    return new Row(title, "./bench Alone", "2026-11-21", Optional.empty(), "≤ 100 ns, 0 bytes", Optional.of(false), Goal.NANOS,
        Spread.of(List.of(nanos)), Optional.empty(), Optional.empty(), Optional.of(Spread.of(List.of(bytes))), 5, Optional.empty(),
        Map.of(), Map.of(), Map.of(), Map.of());
  }

  /** A row about an amount, of five rounds. */
  public static Row amount(String title, Spread amount, String unit) {
    return amount(title, amount, unit, 5);
  }

  /** A row about an amount. */
  static Row amount(String title, Spread amount, String unit, int rounds) {
    return new Row(title, "./bench Amount", "2026-11-21", Optional.empty(), "≤ 1.00 " + unit, Optional.of(true), unit, amount,
        Optional.empty(), Optional.empty(), Optional.empty(), rounds, Optional.empty(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  /** Results of one run. */
  public static Results results(String measured, Row... rows) {
    return new Results(measured.substring(0, 10), List.of(rows), List.of(new Run(measured, MACHINE, "5 rounds", 0.3)));
  }
}
