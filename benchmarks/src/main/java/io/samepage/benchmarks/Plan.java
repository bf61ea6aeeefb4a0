package io.samepage.benchmarks;

import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long and how often is measured.
 *
 * @param rounds how often each side gets a JVM of its own
 * @param warmups iterations that don't count
 * @param iterations iterations that count
 * @param time how long an iteration is
 */
record Plan(int rounds, int warmups, int iterations, TimeValue time) {
  static final Plan FULL = new Plan(5, 6, 4, TimeValue.milliseconds(500));
  static final Plan QUICK = new Plan(1, 1, 1, TimeValue.milliseconds(200));

  Plan withRounds(int count) {
    return new Plan(count, warmups, iterations, time);
  }

  String text() {
    return "%d rounds; of each side in each: %d iterations of %s to warm up, %d that count".formatted(rounds, warmups, time, iterations);
  }
}
