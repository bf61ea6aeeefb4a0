package io.samepage.benchmarks.network;

import io.samepage.benchmarks.base.RawKernel;
import io.samepage.benchmarks.base.RawQueue;
import io.samepage.benchmarks.turn.VerifiedRun;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.matrixmarket.CoordinateMatrix;
import io.samepage.samples.network.Activation;
import io.samepage.samples.network.Network;
import io.samepage.samples.network.NetworkCheck;
import io.samepage.samples.network.NetworkData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The network by hand, with LWJGL and the fewest copies: each layer has buffers of its own, which are written once a run; between layers
 * the live rows alone go both ways; a read waits for the kernel too. What the host does with the bytes is done by the sample's own code.
 */
final class RawNetwork implements VerifiedRun {
  private static final int GROUP = 256;
  private static final String KERNEL = "propagate";

  private final NetworkData data;
  private final long rowBytes;
  private final RawQueue queue;
  private final MemorySegment y;
  private final MemorySegment z;
  private final long deviceY;
  private final long deviceZ;
  private final RawKernel kernel;
  private final List<RawLayer> layers = new ArrayList<>();
  private int[] alive = new int[0];
  private long kernelNanos;
  private long movedBytes;

  RawNetwork(NetworkData data) {
    this.data = data;
    rowBytes = (long) Float.BYTES * data.neurons();
    long rowsBytes = rowBytes * data.imageCount();
    queue = new RawQueue(2 * rowsBytes + RawLayer.sizeBytes(data.layers()), true);
    y = queue.host().asSlice(0, rowsBytes);
    z = queue.host().asSlice(rowsBytes, rowsBytes);
    deviceY = queue.createBuffer(rowsBytes);
    deviceZ = queue.createBuffer(rowsBytes);
    kernel = new RawKernel(queue, source(), KERNEL);
    kernel.setBuffer(0, deviceY);
    kernel.setBuffer(4, deviceZ);
    kernel.setValue(5, data.neurons());
    long offsetBytes = 2 * rowsBytes;
    for (int layer = 0; layer < data.layers().layers(); layer++) {
      layers.add(new RawLayer(queue, data.layers(), layer, offsetBytes));
      offsetBytes += layers.getLast().sizeBytes();
    }
  }

  private static String source() {
    try (InputStream text = Network.class.getResourceAsStream("network.cl")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long run() {
    long start = System.nanoTime();
    load();
    for (int layer = 0; layer < layers.size() && alive.length > 0; layer++) {
      multiply(layers.get(layer));
      activate();
    }
    return System.nanoTime() - start;
  }

  private void load() {
    alive = IntStream.range(0, data.imageCount()).toArray();
    for (RawLayer layer : layers) {
      layer.write();
      movedBytes += layer.sizeBytes();
    }
    y.fill((byte) 0);
    CoordinateMatrix images = data.images();
    for (int entry = 0; entry < images.entryCount(); entry++) {
      long index = (long) images.rowIndices()[entry] * data.neurons() + images.columnIndices()[entry];
      y.setAtIndex(ValueLayout.JAVA_FLOAT, index, y.getAtIndex(ValueLayout.JAVA_FLOAT, index) + images.values()[entry]);
    }
  }

  private void multiply(RawLayer layer) {
    long rowsBytes = rowBytes * alive.length;
    queue.write(deviceY, 0, y.asSlice(0, rowsBytes), false);
    layer.setArguments(kernel);
    long event = kernel.enqueueGroups(data.neurons(), alive.length, GROUP, 1);
    queue.read(deviceZ, z.asSlice(0, rowsBytes));
    kernelNanos += RawKernel.releaseNanos(event);
    movedBytes += 2 * rowsBytes;
  }

  private void activate() {
    int[] survivors = Activation.survivors(z, alive.length, data.neurons());
    alive = Arrays.stream(survivors).map(row -> alive[row]).toArray();
    Activation.compact(z, survivors, data.neurons(), y);
  }

  @Override
  public long kernelNanos() {
    return kernelNanos;
  }

  @Override
  public long movedBytes() {
    return movedBytes;
  }

  @Override
  public Verdict verify() {
    SortedSet<Integer> found = new TreeSet<>();
    float[][] values = new float[data.imageCount()][];
    for (int row = 0; row < alive.length; row++) {
      found.add(alive[row]);
      values[alive[row]] = y.asSlice(row * rowBytes, rowBytes).toArray(ValueLayout.JAVA_FLOAT);
    }
    return new NetworkCheck(data).verdict(found, values);
  }

  @Override
  public void close() {
    queue.finish();
    kernel.close();
    queue.close();
  }
}
