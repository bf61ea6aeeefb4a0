package io.samepage.samples.network;

import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The rows that are still alive: they lie at the front of {@code y}, and their products come to the front of {@code z}. Which
 * image each row is, is kept here.
 */
final class LiveRows implements AutoCloseable {
  private final UnifiedRange y;
  private final UnifiedRange z;
  private final long rowBytes;
  private int[] images;

  LiveRows(UnifiedMemory memory, int imageCount, int neurons) {
    rowBytes = (long) Float.BYTES * neurons;
    y = memory.allocate(rowBytes * imageCount);
    z = memory.allocate(rowBytes * imageCount);
    images = IntStream.range(0, imageCount).toArray();
  }

  int count() {
    return images.length;
  }

  /** The live rows; there must be one. */
  Slice y() {
    return y.slice(0, rowBytes * images.length);
  }

  /** The products of the live rows; there must be one. */
  Slice z() {
    return z.slice(0, rowBytes * images.length);
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

  @Override
  public void close() {
    y.close();
    z.close();
  }
}
