package io.samepage.samples.network;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/** What the host does between layers, on bytes that somebody else brings: bias, clamp, and which rows live on. */
public final class Activation {
  /** Added to every product that isn't zero. */
  static final float BIAS = -0.3f;
  /** No neuron goes beyond. */
  static final float MAX = 32;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private Activation() {}

  static float activate(float product) {
    return product == 0 ? 0 : Math.clamp(product + BIAS, 0, MAX);
  }

  /**
   * The rows with a positive neuron after activation.
   *
   * @param products the rows before activation
   * @param rows how many there are
   * @param neurons how many neurons each has
   * @return their numbers, in order
   */
  public static int[] survivors(MemorySegment products, int rows, int neurons) {
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

  /**
   * Writes the activated survivors one after the other.
   *
   * @param products the rows before activation
   * @param survivors the numbers of those that live on
   * @param neurons how many neurons each has
   * @param next to the front of what they are written
   */
  public static void compact(MemorySegment products, int[] survivors, int neurons, MemorySegment next) {
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
