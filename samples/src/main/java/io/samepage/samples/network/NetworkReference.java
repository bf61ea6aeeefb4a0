package io.samepage.samples.network;

import io.samepage.samples.matrixmarket.CoordinateMatrix;
import java.util.Arrays;

/** The network in plain Java and double precision, an image at a time. */
final class NetworkReference {
  private final StackedLayers layers;
  private final float[][] images;

  NetworkReference(NetworkData data) {
    layers = data.layers();
    images = new float[data.imageCount()][data.neurons()];
    CoordinateMatrix matrix = data.images();
    for (int entry = 0; entry < matrix.entryCount(); entry++) {
      images[matrix.rowIndices()[entry]][matrix.columnIndices()[entry]] += matrix.values()[entry];
    }
  }

  /** The neurons behind the last layer for an image; all zero for one that has died. */
  double[] lastRow(int image) {
    double[] row = new double[layers.neurons()];
    Arrays.setAll(row, neuron -> images[image][neuron]);
    for (int layer = 0; layer < layers.layers() && Arrays.stream(row).anyMatch(value -> value != 0); layer++) {
      row = propagate(row, layer);
    }
    return row;
  }

  private double[] propagate(double[] row, int layer) {
    double[] next = new double[row.length];
    for (int neuron = 0; neuron < next.length; neuron++) {
      int column = layer * layers.neurons() + neuron;
      double sum = 0;
      for (int entry = layers.starts()[column]; entry < layers.starts()[column + 1]; entry++) {
        sum += row[layers.sources()[entry]] * layers.weights()[entry];
      }
      next[neuron] = sum == 0 ? 0 : Math.clamp(sum + Activation.BIAS, 0, Activation.MAX);
    }
    return next;
  }
}
