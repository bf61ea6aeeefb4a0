package io.samepage.benchmarks.network;

import io.samepage.benchmarks.base.RawKernel;
import io.samepage.benchmarks.base.RawQueue;
import io.samepage.samples.network.StackedLayers;
import java.lang.foreign.MemorySegment;

/** The buffers of a layer, and the host memory from which they are written. */
final class RawLayer {
  private final RawQueue queue;
  /** The layer's part of each array of the stack. */
  private final MemorySegment[] parts;
  private final MemorySegment[] host;
  private final long[] buffers;

  /** What all layers take of host memory. */
  static long sizeBytes(StackedLayers layers) {
    long startBytes = Integer.BYTES * (layers.neurons() + 1L) * layers.layers();
    return startBytes + (long) (Integer.BYTES + Float.BYTES) * layers.sources().length;
  }

  /** Uses host memory from an offset on. */
  RawLayer(RawQueue queue, StackedLayers layers, int layer, long offsetBytes) {
    this.queue = queue;
    long firstBytes = (long) Integer.BYTES * layers.firstEntry(layer);
    long entryBytes = (long) Integer.BYTES * layers.entryCount(layer);
    parts = new MemorySegment[] {
        MemorySegment.ofArray(layers.starts()).asSlice((long) Integer.BYTES * layers.neurons() * layer,
            Integer.BYTES * (layers.neurons() + 1L)),
        MemorySegment.ofArray(layers.sources()).asSlice(firstBytes, entryBytes),
        MemorySegment.ofArray(layers.weights()).asSlice(firstBytes, entryBytes)};
    host = new MemorySegment[parts.length];
    buffers = new long[parts.length];
    long partBytes = offsetBytes;
    for (int i = 0; i < parts.length; i++) {
      host[i] = queue.host().asSlice(partBytes, parts[i].byteSize());
      buffers[i] = queue.createBuffer(parts[i].byteSize());
      partBytes += parts[i].byteSize();
    }
  }

  /** How large it is. */
  long sizeBytes() {
    long sum = 0;
    for (MemorySegment part : parts) {
      sum += part.byteSize();
    }
    return sum;
  }

  /** The host writes the layer, and the device gets it. */
  void write() {
    for (int i = 0; i < parts.length; i++) {
      host[i].copyFrom(parts[i]);
      queue.write(buffers[i], 0, host[i], false);
    }
  }

  void setArguments(RawKernel kernel) {
    for (int i = 0; i < buffers.length; i++) {
      kernel.setBuffer(1 + i, buffers[i]);
    }
  }
}
