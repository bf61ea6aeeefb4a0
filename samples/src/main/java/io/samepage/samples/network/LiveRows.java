package io.samepage.samples.network;

import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.Region;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The rows that are still alive: they lie at the front of {@code y}, and their products come to the front of {@code z}. Which
 * image each row is, is kept here.
 */
final class LiveRows {
  private final Region y;
  private final Region z;
  private final long rowBytes;
  private final int imageCount;
  private int[] images;

  LiveRows(HostSpace space, int imageCount, int neurons) {
    this.imageCount = imageCount;
    rowBytes = (long) Float.BYTES * neurons;
    y = space.allocate(rowBytes * imageCount);
    z = space.allocate(rowBytes * imageCount);
    revive();
  }

  /** All images are alive, in order. */
  void revive() {
    images = IntStream.range(0, imageCount).toArray();
  }

  int count() {
    return images.length;
  }

  /** The live rows; there must be one. */
  Region y() {
    return y.part(0, rowBytes * images.length);
  }

  /** The products of the live rows; there must be one. */
  Region z() {
    return z.part(0, rowBytes * images.length);
  }

  /** The image that a row is. */
  int image(int row) {
    return images[row];
  }

  /** The images that are alive. */
  SortedSet<Integer> images() {
    SortedSet<Integer> set = new TreeSet<>();
    for (int image : images) {
      set.add(image);
    }
    return set;
  }

  /** Keeps some of the rows; they move to the front in this order. */
  void keep(int[] survivors) {
    images = Arrays.stream(survivors).map(row -> images[row]).toArray();
  }
}
