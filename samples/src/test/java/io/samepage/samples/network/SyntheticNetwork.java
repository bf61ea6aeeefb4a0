package io.samepage.samples.network;

import io.samepage.samples.matrixmarket.CoordinateMatrix;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** A small random network with dense matrices, and its outcome by the plainest loops there are. */
public final class SyntheticNetwork {
  private final float[][] images;
  private final List<float[][]> layers = new ArrayList<>();

  /**
   * Draws a network.
   *
   * @param imageCount how many images
   * @param neurons how many neurons
   * @param layerCount how many layers
   * @param seed what to draw from
   */
  public SyntheticNetwork(int imageCount, int neurons, int layerCount, long seed) {
    Random random = new Random(seed);
    images = new float[imageCount][neurons];
    for (int image = 0; image < imageCount; image++) {
      // From empty images to full ones, so that some die in every layer.
      fill(images[image], random, (double) image / imageCount, 1);
    }
    for (int layer = 0; layer < layerCount; layer++) {
      float[][] weights = new float[neurons][neurons];
      for (float[] row : weights) {
        fill(row, random, 4.0 / neurons, layer % 2 == 0 ? 0.5f : 0.4375f);
      }
      layers.add(weights);
    }
  }

  private static void fill(float[] row, Random random, double density, float value) {
    for (int i = 0; i < row.length; i++) {
      row[i] = random.nextDouble() < density ? value : 0;
    }
  }

  /** Sets all weights of a layer to zero. */
  SyntheticNetwork withEmptyLayer(int layer) {
    layers.set(layer, new float[images[0].length][images[0].length]);
    return this;
  }

  /** {@return the images alive behind the last layer, from 0} */
  public SortedSet<Integer> categories() {
    return alive(layers.size());
  }

  /** The images alive behind some layers. */
  SortedSet<Integer> alive(int layerCount) {
    SortedSet<Integer> alive = new TreeSet<>();
    for (int image = 0; image < images.length; image++) {
      double[] row = new double[images[image].length];
      for (int i = 0; i < row.length; i++) {
        row[i] = images[image][i];
      }
      for (float[][] weights : layers.subList(0, layerCount)) {
        row = propagate(row, weights);
      }
      for (double value : row) {
        if (value > 0) {
          alive.add(image);
        }
      }
    }
    return alive;
  }

  private static double[] propagate(double[] row, float[][] weights) {
    double[] next = new double[row.length];
    for (int to = 0; to < row.length; to++) {
      double sum = 0;
      for (int from = 0; from < row.length; from++) {
        sum += row[from] * weights[from][to];
      }
      next[to] = sum == 0 ? 0 : Math.min(32, Math.max(0, sum - 0.3));
    }
    return next;
  }

  NetworkData data() {
    return new NetworkData(coordinates(images), StackedLayers.of(layers.stream().map(SyntheticNetwork::coordinates).toList()),
        categories());
  }

  /**
   * Writes the files of the network.
   *
   * @param folder where to
   * @throws IOException if that fails
   */
  public void write(Path folder) throws IOException {
    write(folder.resolve("images.mtx"), images);
    for (int layer = 0; layer < layers.size(); layer++) {
      write(folder.resolve("layer-%02d.mtx".formatted(layer + 1)), layers.get(layer));
    }
    float[][] categories = new float[images.length][1];
    categories().forEach(image -> categories[image][0] = 1);
    write(folder.resolve("categories.mtx"), categories);
  }

  private static void write(Path file, float[][] matrix) throws IOException {
    CoordinateMatrix entries = coordinates(matrix);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      out.println("%%MatrixMarket matrix coordinate real general");
      out.println(matrix.length + " " + matrix[0].length + " " + entries.entryCount());
      for (int entry = 0; entry < entries.entryCount(); entry++) {
        out.println((entries.rowIndices()[entry] + 1) + " " + (entries.columnIndices()[entry] + 1) + " " + entries.values()[entry]);
      }
    }
  }

  static CoordinateMatrix coordinates(float[][] matrix) {
    List<int[]> places = new ArrayList<>();
    for (int row = 0; row < matrix.length; row++) {
      for (int column = 0; column < matrix[row].length; column++) {
        if (matrix[row][column] != 0) {
          places.add(new int[] {row, column});
        }
      }
    }
    int[] rows = places.stream().mapToInt(place -> place[0]).toArray();
    int[] columns = places.stream().mapToInt(place -> place[1]).toArray();
    float[] values = new float[rows.length];
    for (int entry = 0; entry < values.length; entry++) {
      values[entry] = matrix[rows[entry]][columns[entry]];
    }
    return new CoordinateMatrix(matrix.length, matrix[0].length, rows, columns, values);
  }
}
