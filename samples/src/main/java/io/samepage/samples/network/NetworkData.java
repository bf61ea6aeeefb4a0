package io.samepage.samples.network;

import io.samepage.samples.matrixmarket.CoordinateMatrix;
import java.util.SortedSet;

/**
 * A network and what is to go through it.
 *
 * @param images the input, a row an image, a column a neuron
 * @param layers the weights, neurons × neurons each
 * @param categories the truth: the images, from 0, that are alive after the last layer
 */
public record NetworkData(CoordinateMatrix images, StackedLayers layers, SortedSet<Integer> categories) {
  /** {@return how many images} */
  public int imageCount() {
    return images.rows();
  }

  /** {@return how many neurons a layer has} */
  public int neurons() {
    return images.columns();
  }
}
