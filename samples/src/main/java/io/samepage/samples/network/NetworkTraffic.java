package io.samepage.samples.network;

import io.samepage.samples.accounting.Traffic;
import java.util.List;

/** What the network must move at least, and what a program moves that copies all arguments at every launch. */
final class NetworkTraffic {
  private final StackedLayers layers;
  private final List<Integer> entering;
  private final long pageSizeBytes;

  /** For the rows that entered each layer that was launched. */
  NetworkTraffic(StackedLayers layers, List<Integer> entering, long pageSizeBytes) {
    this.layers = layers;
    this.entering = entering;
    this.pageSizeBytes = pageSizeBytes;
  }

  /**
   * The least, in whole pages: each layer's live rows both ways, and the weights of these layers once, an array a region.
   * Where pages come to the host in larger units that is the same: of the products it has all but these rows already.
   */
  Traffic least() {
    long rows = entering.stream().mapToLong(count -> pages(rowsBytes(count))).sum();
    return new Traffic(rows + weightPages(), rows);
  }

  private long weightPages() {
    if (entering.isEmpty()) {
      return 0;
    }
    int columns = layers.neurons() * entering.size();
    long entries = layers.starts()[columns];
    return pages(Integer.BYTES * (columns + 1L)) + pages(Integer.BYTES * entries) + pages(Float.BYTES * entries);
  }

  /** Every launch brings its rows, its layer's three arrays and the result to the device, and the result back. */
  Traffic naive() {
    Traffic sum = new Traffic(0, 0);
    for (int layer = 0; layer < entering.size(); layer++) {
      long rows = rowsBytes(entering.get(layer));
      long starts = Integer.BYTES * (layers.neurons() + 1L);
      long entries = (long) (Integer.BYTES + Float.BYTES) * layers.entryCount(layer);
      sum = sum.plus(new Traffic(2 * rows + starts + entries, rows));
    }
    return sum;
  }

  private long rowsBytes(int rows) {
    return (long) Float.BYTES * layers.neurons() * rows;
  }

  private long pages(long bytes) {
    return Math.ceilDiv(bytes, pageSizeBytes) * pageSizeBytes;
  }
}
