package io.samepage.benchmarks.network;

import io.samepage.samples.matrixmarket.CoordinateMatrix;
import io.samepage.samples.network.NetworkData;
import io.samepage.samples.network.StackedLayers;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A network like those of the Graph Challenge, drawn from a seed: each neuron takes from 32 others. */
final class DrawnNetwork {
  private static final int ENTRIES = 32;
  private static final float WEIGHT = 1 / 16f;
  private static final double BIAS = -0.3;
  private static final double MAX = 32;
  private static final long SEED = 30;

  private final Random random = new Random(SEED);
  private final int images;
  private final int neurons;
  private final int layers;

  DrawnNetwork(int images, int neurons, int layers) {
    this.images = images;
    this.neurons = neurons;
    this.layers = layers;
  }

  NetworkData draw() {
    CoordinateMatrix input = input();
    StackedLayers stack = stack();
    return new NetworkData(input, stack, alive(input, stack));
  }

  /** From empty images to full ones, so that some die. */
  private CoordinateMatrix input() {
    int[] places = IntStream.range(0, images * neurons)
        .filter(place -> random.nextInt(images) < place / neurons).toArray();
    float[] values = new float[places.length];
    Arrays.fill(values, 1);
    return new CoordinateMatrix(images, neurons, Arrays.stream(places).map(place -> place / neurons).toArray(),
        Arrays.stream(places).map(place -> place % neurons).toArray(), values);
  }

  private StackedLayers stack() {
    int columns = neurons * layers;
    float[] weights = new float[columns * ENTRIES];
    Arrays.fill(weights, WEIGHT);
    int[] starts = IntStream.rangeClosed(0, columns).map(column -> column * ENTRIES).toArray();
    return new StackedLayers(neurons, layers, starts, random.ints(weights.length, 0, neurons).toArray(), weights);
  }

  /** The truth, by the plainest loops there are. */
  private SortedSet<Integer> alive(CoordinateMatrix input, StackedLayers stack) {
    double[][] rows = new double[images][neurons];
    for (int entry = 0; entry < input.entryCount(); entry++) {
      rows[input.rowIndices()[entry]][input.columnIndices()[entry]] = input.values()[entry];
    }
    SortedSet<Integer> alive = new TreeSet<>();
    for (int image = 0; image < images; image++) {
      double[] row = rows[image];
      for (int layer = 0; layer < layers; layer++) {
        row = next(row, stack, layer);
      }
      if (Arrays.stream(row).anyMatch(value -> value > 0)) {
        alive.add(image);
      }
    }
    return alive;
  }

  private double[] next(double[] row, StackedLayers stack, int layer) {
    double[] next = new double[neurons];
    for (int neuron = 0; neuron < neurons; neuron++) {
      double sum = 0;
      int first = stack.starts()[layer * neurons + neuron];
      for (int entry = first; entry < first + ENTRIES; entry++) {
        sum += row[stack.sources()[entry]] * stack.weights()[entry];
      }
      next[neuron] = sum == 0 ? 0 : Math.clamp(sum + BIAS, 0, MAX);
    }
    return next;
  }
}
