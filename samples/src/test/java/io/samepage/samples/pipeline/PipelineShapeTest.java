package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PipelineShapeTest {
  @Test
  void bytesAreCountedBeyondInts() {
    PipelineShape shape = new PipelineShape(1 << 20, 1 << 10, 1 << 12, 1, 1);

    assertThat(shape.aBytes()).isEqualTo(1L << 32);
    assertThat(shape.bBytes()).isEqualTo(1L << 24);
    assertThat(shape.cBytes()).isEqualTo(1L << 34);
    assertThat(shape.dBytes()).isEqualTo(1L << 42);
    assertThat(shape.totalBytes()).isEqualTo((1L << 32) + (1L << 24) + (1L << 34) + (1L << 42));
  }

  @Test
  void sizesBelowOneAndBeyondCountingAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PipelineShape(0, 1, 1, 1, 1)).withMessageContaining("rows=0");
    assertThatIllegalArgumentException().isThrownBy(() -> new PipelineShape(1, -1, 1, 1, 1)).withMessageContaining("inner=-1");
    assertThatIllegalArgumentException().isThrownBy(() -> new PipelineShape(1, 1, Integer.MAX_VALUE, 1, 1))
        .withMessageContaining("cols=2147483647");
    assertThatIllegalArgumentException().isThrownBy(() -> new PipelineShape(1, 1, 1, 0, 1)).withMessageContaining("rounds=0");
    assertThatIllegalArgumentException().isThrownBy(() -> PipelineShape.square(0, 1, 1)).withMessageContaining("size=0");
    assertThatIllegalArgumentException().isThrownBy(() -> PipelineShape.square(1 << 30, 1, 1)).withMessageContaining("too large");
  }
}
