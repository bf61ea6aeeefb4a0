package io.samepage.samples.network;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The stacked layers in unified memory, a range for each array. */
final class UnifiedLayers implements AutoCloseable {
  private final StackedLayers layers;
  private final UnifiedRange starts;
  private final UnifiedRange sources;
  private final UnifiedRange weights;

  /** Allocates, and writes nothing yet. */
  UnifiedLayers(UnifiedMemory memory, StackedLayers layers) {
    this.layers = layers;
    starts = memory.allocate((long) Integer.BYTES * layers.starts().length);
    // A range has at least one byte, a stack of empty layers none.
    sources = memory.allocate((long) Integer.BYTES * Math.max(1, layers.sources().length));
    weights = memory.allocate((long) Float.BYTES * Math.max(1, layers.weights().length));
  }

  /** Writes all layers. */
  void fill() {
    fill(starts, MemorySegment.ofArray(layers.starts()));
    fill(sources, MemorySegment.ofArray(layers.sources()));
    fill(weights, MemorySegment.ofArray(layers.weights()));
  }

  private static void fill(UnifiedRange range, MemorySegment values) {
    try (HostLease lease = range.host(Access.WRITE)) {
      MemorySegment.copy(values, ValueLayout.JAVA_BYTE, 0, lease.segment(), ValueLayout.JAVA_BYTE, 0, values.byteSize());
    }
  }

  /** A layer that has entries. */
  LayerSlices layer(int layer) {
    long columns = layers.neurons();
    long first = layers.firstEntry(layer);
    long count = layers.entryCount(layer);
    return new LayerSlices(starts.slice(Integer.BYTES * columns * layer, Integer.BYTES * (columns + 1)),
        sources.slice(Integer.BYTES * first, Integer.BYTES * count), weights.slice(Float.BYTES * first, Float.BYTES * count));
  }

  @Override
  public void close() {
    starts.close();
    sources.close();
    weights.close();
  }
}
