package io.samepage.samples.network;

import io.samepage.samples.accounting.Verdict;
import java.util.SortedSet;
import java.util.TreeSet;

/** Verifies a network's outcome: the images alive against the truth, their values against double precision. */
public final class NetworkCheck {
  /** How far the last values may stray, as a part of the largest value there is. */
  private static final double TOLERANCE = 1e-4;

  private final NetworkData data;

  /**
   * A check of a network's outcome.
   *
   * @param data what it computed from
   */
  public NetworkCheck(NetworkData data) {
    this.data = data;
  }

  /**
   * Compares.
   *
   * @param alive the images that are alive
   * @param values the values behind the last layer by image, null for one that has died
   * @return what was found
   */
  public Verdict verdict(SortedSet<Integer> alive, float[][] values) {
    Verdict byValue = Verdict.of("values behind the last layer", maxError(values), TOLERANCE);
    boolean match = alive.equals(data.categories());
    String explanation = (match ? "the images alive are the categories" : differences(alive)) + "; " + byValue.explanation();
    return new Verdict(match && byValue.verified(), byValue.maxError(), explanation);
  }

  private String differences(SortedSet<Integer> alive) {
    SortedSet<Integer> missing = new TreeSet<>(data.categories());
    missing.removeAll(alive);
    SortedSet<Integer> surplus = new TreeSet<>(alive);
    surplus.removeAll(data.categories());
    return "the images alive are not the categories: missing=" + missing.size() + ", surplus=" + surplus.size();
  }

  private double maxError(float[][] values) {
    NetworkReference reference = new NetworkReference(data);
    double error = 0;
    for (int image = 0; image < values.length; image++) {
      double[] expected = reference.lastRow(image);
      for (int neuron = 0; neuron < expected.length; neuron++) {
        double value = values[image] == null ? 0 : values[image][neuron];
        error = Math.max(error, Math.abs(value - expected[neuron]) / Activation.MAX);
      }
    }
    return error;
  }
}
