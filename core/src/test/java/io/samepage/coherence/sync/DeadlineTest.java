package io.samepage.coherence.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Points in time, whatever the timeout. */
class DeadlineTest {
  @Test
  void nothingIsLeftOfNoTime() {
    Deadline deadline = Deadline.after(Duration.ZERO);
    assertThat(deadline.leftNanos()).isZero();
    assertThat(deadline.isOver()).isTrue();
  }

  @Test
  void whatIsLeftGrowsNever() {
    Deadline deadline = Deadline.after(Duration.ofHours(1));
    long first = deadline.leftNanos();
    assertThat(first).isPositive().isLessThanOrEqualTo(Duration.ofHours(1).toNanos());
    assertThat(deadline.leftNanos()).isLessThanOrEqualTo(first);
    assertThat(deadline.isOver()).isFalse();
  }

  @Test
  void timeoutsThatNobodyLivesToSeeNeverEnd() {
    assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE)).leftNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(Deadline.after(Duration.ofDays(36_501)).isOver()).isFalse();
    assertThat(Deadline.after(Duration.ofDays(36_500)).leftNanos()).isPositive();
  }

  @Test
  void negativeTimeoutsAreRefused() {
    assertThatThrownBy(() -> Deadline.after(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout=PT-0.000000001S");
  }
}
