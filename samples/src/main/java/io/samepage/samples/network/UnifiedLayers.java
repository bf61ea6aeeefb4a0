package io.samepage.samples.network;

import io.samepage.Access;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.HostView;
import io.samepage.samples.hostview.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The stacked layers in unified memory, a region for each array. */
final class UnifiedLayers {
  private final StackedLayers layers;
  private final Region starts;
  private final Region sources;
  private final Region weights;

  /** Allocates, and writes nothing yet. */
  UnifiedLayers(HostSpace space, StackedLayers layers) {
    this.layers = layers;
    starts = space.allocate((long) Integer.BYTES * layers.starts().length);
    // A region has at least one byte, a stack of empty layers none.
    sources = space.allocate((long) Integer.BYTES * Math.max(1, layers.sources().length));
    weights = space.allocate((long) Float.BYTES * Math.max(1, layers.weights().length));
  }

  /** Writes all layers. */
  void fill() {
    fill(starts, MemorySegment.ofArray(layers.starts()));
    fill(sources, MemorySegment.ofArray(layers.sources()));
    fill(weights, MemorySegment.ofArray(layers.weights()));
  }

  private static void fill(Region region, MemorySegment values) {
    try (HostView view = region.view(Access.WRITE)) {
      MemorySegment.copy(values, ValueLayout.JAVA_BYTE, 0, view.segment(), ValueLayout.JAVA_BYTE, 0, values.byteSize());
    }
  }

  /** A layer that has entries. */
  LayerSlices layer(int layer) {
    long columns = layers.neurons();
    long first = layers.firstEntry(layer);
    long count = layers.entryCount(layer);
    return new LayerSlices(starts.part(Integer.BYTES * columns * layer, Integer.BYTES * (columns + 1)),
        sources.part(Integer.BYTES * first, Integer.BYTES * count), weights.part(Float.BYTES * first, Float.BYTES * count));
  }
}
