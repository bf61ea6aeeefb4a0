package io.samepage.samples.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ActivationTest {
  private static final float[] PRODUCTS = {
      0.2f, 0, // below the bias: dies
      1.3f, 0, // lives
      0, 0, // dies
      0.25f, 40, // lives, clamped at both ends
      -5, 0.3f, // exactly at the bias: dies
  };

  @Test
  void theBiasGoesToProductsThatAreNotZeroAndTheRestIsClamped() {
    assertThat(Activation.activate(0)).isZero();
    assertThat(Activation.activate(1)).isEqualTo(0.7f);
    assertThat(Activation.activate(0.3f)).isZero();
    assertThat(Activation.activate(-1)).isZero();
    assertThat(Activation.activate(32.3f)).isEqualTo(32);
    assertThat(Activation.activate(100)).isEqualTo(32);
  }

  @Test
  void rowsWithAPositiveNeuronSurvive() {
    try (Arena arena = Arena.ofConfined()) {
      assertThat(Activation.survivors(arena.allocateFrom(ValueLayout.JAVA_FLOAT, PRODUCTS), 5, 2)).containsExactly(1, 3);
    }
  }

  @Test
  void survivorsMoveToTheFrontActivated() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment next = arena.allocate(ValueLayout.JAVA_FLOAT, 4);

      Activation.compact(arena.allocateFrom(ValueLayout.JAVA_FLOAT, PRODUCTS), new int[] {1, 3}, 2, next);

      assertThat(next.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1.3f - 0.3f, 0, 0, 32);
    }
  }
}
