package io.samepage.samples.network;

import io.samepage.samples.matrixmarket.CoordinateMatrix;
import java.util.List;

/**
 * The weights of all layers side by side, as one sparse matrix by columns: column {@code layer·neurons + neuron} holds what that
 * neuron of that layer takes from each neuron before it. A layer is then a slice of each of the three arrays.
 *
 * @param neurons neurons of a layer
 * @param layers how many layers
 * @param starts where each column's entries begin; one more than there are columns
 * @param sources the neuron of the layer before, for each entry
 * @param weights the weight, for each entry
 */
public record StackedLayers(int neurons, int layers, int[] starts, int[] sources, float[] weights) {
  /**
   * Stacks layers.
   *
   * @param matrices the weights of each layer, square and of one size
   * @return the stack
   * @throws ArithmeticException if there are 2³¹ columns or entries and more
   */
  static StackedLayers of(List<CoordinateMatrix> matrices) {
    int neurons = matrices.getFirst().columns();
    int[] starts = new int[Math.addExact(Math.multiplyExact(neurons, matrices.size()), 1)];
    for (int layer = 0; layer < matrices.size(); layer++) {
      for (int column : matrices.get(layer).columnIndices()) {
        starts[layer * neurons + column + 1]++;
      }
    }
    for (int column = 1; column < starts.length; column++) {
      starts[column] = Math.addExact(starts[column], starts[column - 1]);
    }
    StackedLayers stack = new StackedLayers(neurons, matrices.size(), starts, new int[starts[starts.length - 1]],
        new float[starts[starts.length - 1]]);
    stack.place(matrices);
    return stack;
  }

  private void place(List<CoordinateMatrix> matrices) {
    int[] next = starts.clone();
    for (int layer = 0; layer < layers; layer++) {
      CoordinateMatrix matrix = matrices.get(layer);
      for (int entry = 0; entry < matrix.entryCount(); entry++) {
        int place = next[layer * neurons + matrix.columnIndices()[entry]]++;
        sources[place] = matrix.rowIndices()[entry];
        weights[place] = matrix.values()[entry];
      }
    }
  }

  /**
   * Where a layer's entries begin.
   *
   * @param layer which
   * @return the first entry's number
   */
  public int firstEntry(int layer) {
    return starts[layer * neurons];
  }

  /**
   * How many entries a layer has.
   *
   * @param layer which
   * @return their count
   */
  public int entryCount(int layer) {
    return starts[(layer + 1) * neurons] - firstEntry(layer);
  }
}
