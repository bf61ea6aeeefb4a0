package io.samepage.samples.network;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/** What the host does between layers: bias, clamp, and which rows live on. */
final class Activation {
  /** Added to every product that isn't zero. */
  static final float BIAS = -0.3f;
  /** No neuron goes beyond. */
  static final float MAX = 32;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private Activation() {}

  static float activate(float product) {
    return product == 0 ? 0 : Math.clamp(product + BIAS, 0, MAX);
  }

  /** The rows of {@code products} with a positive neuron after activation, in order. */
  static int[] survivors(MemorySegment products, int rows, int neurons) {
    float[] row = new float[neurons];
    return IntStream.range(0, rows).filter(index -> isAlive(load(products, index, row))).toArray();
  }

  private static boolean isAlive(float[] row) {
    for (float product : row) {
      if (activate(product) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Writes the activated survivors to the front of {@code next}, one after the other. */
  static void compact(MemorySegment products, int[] survivors, int neurons, MemorySegment next) {
    float[] row = new float[neurons];
    for (int place = 0; place < survivors.length; place++) {
      load(products, survivors[place], row);
      for (int neuron = 0; neuron < neurons; neuron++) {
        row[neuron] = activate(row[neuron]);
      }
      MemorySegment.copy(row, 0, next, FLOAT, offset(place, neurons), neurons);
    }
  }

  private static float[] load(MemorySegment matrix, int index, float[] row) {
    MemorySegment.copy(matrix, FLOAT, offset(index, row.length), row, 0, row.length);
    return row;
  }

  private static long offset(long row, int neurons) {
    return Float.BYTES * row * neurons;
  }
}
