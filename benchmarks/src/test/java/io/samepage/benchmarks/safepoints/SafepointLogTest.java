package io.samepage.benchmarks.safepoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SafepointLogTest {
  private static String line(long millis, long nanos) {
    return "[" + millis + "ms] Safepoint \"G1CollectFull\", Time since last: 1111 ns, Reaching safepoint: " + nanos
        + " ns, At safepoint: 2222 ns, Leaving safepoint: 33 ns, Total: 4444 ns, Threads: 2 runnable, 15 total";
  }

  @Test
  void theTimesToSafepointAreSorted() {
    SafepointLog log = SafepointLog.of(Stream.of(line(10, 300), "[11ms] Some other line", line(12, 100), line(13, 200)), 0, 100);

    assertThat(log.reachingNanos()).containsExactly(100L, 200L, 300L);
    assertThat(log.maxNanos()).isEqualTo(300);
    assertThat(log.percentileNanos(50)).isEqualTo(200);
  }

  @Test
  void whatWasBeforeOrAfterwardsDoesNotCount() {
    SafepointLog log = SafepointLog.of(Stream.of(line(9, 1), line(10, 2), line(20, 3), line(21, 4)), 10, 20);

    assertThat(log.reachingNanos()).containsExactly(2L, 3L);
  }

  @Test
  void oneInAHundredMayTakeLonger() {
    SafepointLog log = SafepointLog.of(LongStream.rangeClosed(1, 200).mapToObj(i -> line(i, i)), 0, 1000);

    assertThat(log.percentileNanos(99)).isEqualTo(198);
  }

  @Test
  void aLogWithoutSafepointsHasNoPercentiles() {
    SafepointLog log = SafepointLog.of(Stream.of("nothing"), 0, 100);

    assertThat(log.count()).isZero();
    assertThatThrownBy(log::maxNanos).isInstanceOf(IllegalStateException.class);
  }
}
