package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PipelineInputTest {
  private static final PipelineShape SHAPE = new PipelineShape(10, 1000, 1000, 4, 99);
  private final PipelineInput input = new PipelineInput(SHAPE);

  @Test
  void valuesLieBetweenMinusOneAndOneAndAreNeverZero() {
    float[] row = rowOfA(0, 0);

    assertThat(row).doesNotContain(0f);
    for (float value : row) {
      assertThat(value).isBetween(-1f, Math.nextDown(1f));
    }
    assertThat(average(row)).isBetween(-0.1, 0.1);
  }

  @Test
  void theSeedDecidesTheValues() {
    PipelineInput other = new PipelineInput(new PipelineShape(10, 1000, 1000, 4, 98));
    float[] row = new float[1000];
    other.rowOfA(0, 0, row);

    assertThat(rowOfA(0, 0)).isEqualTo(rowOfA(0, 0)).isNotEqualTo(row);
  }

  @Test
  void rowsDiffer() {
    float[] rowOfB = new float[1000];
    input.rowOfB(0, rowOfB);

    assertThat(rowOfA(0, 0)).isNotEqualTo(rowOfA(1, 0)).isNotEqualTo(rowOfA(0, 1)).isNotEqualTo(rowOfB);
  }

  @Test
  void theLastRowsAreThoseOfTheirLastChange() {
    for (int row = 0; row < SHAPE.rows(); row++) {
      int lastChange = 0;
      for (int round = 1; round < SHAPE.rounds(); round++) {
        lastChange = input.changedRow(round) == row ? round : lastChange;
      }
      float[] last = new float[1000];
      input.lastRowOfA(row, last);

      assertThat(last).isEqualTo(rowOfA(row, lastChange));
      assertThat(input.changedRows().contains(row)).isEqualTo(lastChange > 0);
    }
  }

  private float[] rowOfA(int row, int round) {
    float[] values = new float[SHAPE.inner()];
    input.rowOfA(row, round, values);
    return values;
  }

  private static double average(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
