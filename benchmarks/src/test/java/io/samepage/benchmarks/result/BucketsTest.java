package io.samepage.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BucketsTest {
  @Test
  void aBucketBeginsAtItsLeastValue() {
    assertThat(LongStream.range(0, 100_000)).allMatch(value -> Buckets.from(value) <= value)
        .allMatch(value -> Buckets.from(Buckets.from(value)) == Buckets.from(value));
  }

  @Test
  void bucketsAreInTheOrderOfTheirValues() {
    assertThat(LongStream.range(0, 100_000).map(Buckets::from).boxed()).isSorted();
  }

  @Test
  void aDoublingHasEightOfThem() {
    assertThat(LongStream.range(8192, 16_384).map(Buckets::from).distinct()).hasSize(8);
  }
}
