package io.samepage.benchmarks;

import io.samepage.benchmarks.footprint.MetadataBytes;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Side;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long and how often is measured.
 *
 * @param forks in how many JVMs of its own each side is measured in a round; 0: in this one
 * @param rounds how often each side is measured, at most
 * @param warmups iterations that don't count
 * @param iterations iterations that count, at most
 * @param time how long an iteration is
 * @param limit when no further round of a comparison is begun; each gets one whatever it takes
 */
record Plan(int forks, int rounds, int warmups, int iterations, TimeValue time, Optional<Duration> limit) {
  static final Plan FULL = new Plan(1, 5, 3, 4, TimeValue.milliseconds(200), Optional.of(Duration.ofMinutes(19)));
  static final Plan QUICK = new Plan(0, 1, 0, 1, TimeValue.milliseconds(1), Optional.empty());

  /** The parameter that says who is run in turn. */
  static final String BESIDE = "beside";
  /** Benchmarks of the pipeline are named so. They warm up by themselves before the first iteration. */
  private static final String PIPELINE = "Pipeline";
  private static final int COUNTS = 2;
  private static final int LONG = 10;
  /** Iterations of what is run in turn, and how many times as long each is: JVMs differ more than iterations do. */
  private static final int IN_TURN_ITERATIONS = 3;
  private static final int IN_TURN = 6;
  /** What a JVM, JMH in it and the preparation take, on two slow processors; for each side of what is run in turn; and for a pipeline. */
  private static final double START_SECONDS = 3;
  private static final double IN_TURN_SECONDS = 4.5;
  private static final double PIPELINE_SECONDS = 18;

  /** This many rounds, however long they take. */
  Plan withRounds(int count) {
    return new Plan(forks, count, warmups, iterations, time, Optional.empty());
  }

  int warmups(Side side) {
    return isWarm(side) || isCounted(side) ? Math.min(1, warmups) : warmups;
  }

  int iterations(Side side) {
    int most = isInTurn(side) ? IN_TURN_ITERATIONS : iterations;
    return Math.min(isCounted(side) ? COUNTS : most, iterations);
  }

  /** Of what takes long, and of what is run in turn, each iteration has several; of pipelines in turn as many of both. */
  TimeValue time(Side side) {
    int times = isPipeline(side) ? LONG : 1;
    if (isInTurn(side)) {
      times = isPipeline(side) ? 2 * LONG : IN_TURN;
    }
    return TimeValue.milliseconds(times * time.convertTo(TimeUnit.MILLISECONDS));
  }

  private TimeValue inTurn() {
    return TimeValue.milliseconds(IN_TURN * time.convertTo(TimeUnit.MILLISECONDS));
  }

  /** What is counted hardly differs from time to time. */
  boolean isCounted(Side side) {
    return side.benchmark().getPackageName().equals(MetadataBytes.class.getPackageName());
  }

  private static boolean isPipeline(Side side) {
    return side.benchmark().getSimpleName().contains(PIPELINE);
  }

  private static boolean isInTurn(Side side) {
    return side.parameters().containsKey(BESIDE);
  }

  /** What takes long, and what is run in turn, warms up by itself. */
  private static boolean isWarm(Side side) {
    return isPipeline(side) || isInTurn(side);
  }

  /** What a round of these takes, as far as can be told before. */
  Duration estimate(List<Comparison> comparisons) {
    double seconds = comparisons.stream().mapToDouble(this::estimate).sum();
    return Duration.ofSeconds(Math.round(seconds));
  }

  private double estimate(Comparison comparison) {
    int sides = comparison.baseline().isPresent() ? 2 : 1;
    Side ours = comparison.ours();
    if (comparison.isInTurn()) {
      Side both = ours.with(BESIDE, "");
      return sides * startSeconds(both) + iterationSeconds(both);
    }
    return sides * (startSeconds(ours) + iterationSeconds(ours));
  }

  private static double startSeconds(Side side) {
    if (isPipeline(side)) {
      return PIPELINE_SECONDS;
    }
    return isInTurn(side) ? IN_TURN_SECONDS : START_SECONDS;
  }

  private double iterationSeconds(Side side) {
    return (warmups(side) * time.convertTo(TimeUnit.MILLISECONDS) + iterations(side) * time(side).convertTo(TimeUnit.MILLISECONDS)) / 1e3;
  }

  String text() {
    String within = limit.map(most -> " in " + most.toMinutes() + " minutes").orElse("");
    return "%s%d rounds%s; in each %d iterations that count, of %s, for a side in a JVM of its own, and %d of %s for two in turn".formatted(
        limit.isPresent() ? "up to " : "", rounds, within, iterations, time, Math.min(IN_TURN_ITERATIONS, iterations), inTurn());
  }
}
