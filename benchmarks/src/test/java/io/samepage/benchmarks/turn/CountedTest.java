package io.samepage.benchmarks.turn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {
  private final Counted counted = new Counted();

  @Test
  void eachOperationCountsAsLongAsTheMiddleOneTook() {
    counted.took(7);
    counted.took(1_000);
    counted.took(9);
    assertThat(counted.countedNanos()).isEqualTo(3 * 9);
  }

  @Test
  void anIterationKnowsNothingOfThoseBefore() {
    counted.took(7);
    counted.clear();
    assertThat(counted.countedNanos()).isZero();
  }
}
