package io.samepage.samples.network;

import io.samepage.Access;
import io.samepage.samples.accounting.LaunchMeter;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Traffic;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.HostView;
import io.samepage.samples.matrixmarket.CoordinateMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * The network on the first device of a memory. Making one warms the kernel up and allocates; then {@link #run} does the work and
 * {@link #verify} checks what it left. For one thread.
 */
public final class Network {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final NetworkData data;
  private final NetworkKernel kernel;
  private final UnifiedLayers layers;
  private final LiveRows live;
  private final LaunchMeter launches = new LaunchMeter();
  private final List<Integer> entering = new ArrayList<>();
  private final List<Integer> liveRows = new ArrayList<>();
  private final long pageSizeBytes;
  private final boolean copies;

  /**
   * Warms up and allocates.
   *
   * @param space where to allocate; the first device of its memory computes
   * @param data the network and its input
   */
  public Network(HostSpace space, NetworkData data) {
    this.data = data;
    kernel = new NetworkKernel(space.memory().devices().getFirst());
    try (HostSpace scratch = HostSpace.open(space.memory(), space.mode())) {
      kernel.warmUp(scratch);
    }
    layers = new UnifiedLayers(space, data.layers());
    live = new LiveRows(space, data.imageCount(), data.neurons());
    pageSizeBytes = space.pageSizeBytes();
    copies = space.copies();
  }

  /**
   * How many stages {@link #run} measures at most.
   *
   * @param data the network
   * @return the number of stages, repeated ones counted each time
   */
  public static long stageCount(NetworkData data) {
    return 1 + 2L * data.layers().layers();
  }

  /**
   * Runs all layers. A later run begins anew; only {@link #kernelSeconds} goes on.
   *
   * @param stages what measures them
   */
  public void run(StageMeter stages) {
    live.revive();
    entering.clear();
    liveRows.clear();
    stages.measure("load", this::load);
    for (int layer = 0; layer < data.layers().layers(); layer++) {
      if (live.count() > 0 && data.layers().entryCount(layer) > 0) {
        int current = layer;
        entering.add(live.count());
        stages.measure("multiply", () -> multiply(current));
        stages.measure("activate", this::activate);
      } else {
        // Nothing comes out of a layer without weights.
        live.keep(new int[0]);
      }
      liveRows.add(live.count());
    }
  }

  private void load() {
    layers.fill();
    CoordinateMatrix images = data.images();
    try (HostView view = live.y().view(Access.WRITE)) {
      MemorySegment y = view.segment().fill((byte) 0);
      for (int entry = 0; entry < images.entryCount(); entry++) {
        long index = (long) images.rowIndices()[entry] * data.neurons() + images.columnIndices()[entry];
        y.setAtIndex(FLOAT, index, y.getAtIndex(FLOAT, index) + images.values()[entry]);
      }
    }
  }

  private void multiply(int layer) {
    kernel.propagate(launches, live.y(), layers.layer(layer), live.z(), data.neurons());
    launches.await();
  }

  /** Reads the products of the live rows, and writes those that live on: nothing else is touched. */
  private void activate() {
    try (HostView products = live.z().view(Access.READ)) {
      int[] survivors = Activation.survivors(products.segment(), live.count(), data.neurons());
      live.keep(survivors);
      if (survivors.length > 0) {
        try (HostView next = live.y().view(Access.WRITE)) {
          Activation.compact(products.segment(), survivors, data.neurons(), next.segment());
        }
      }
    }
  }

  /**
   * Compares the images alive with the truth, and the last values with references in double precision.
   *
   * @return what was found
   */
  public Verdict verify() {
    return new NetworkCheck(data).verdict(categoriesFound(), lastValues());
  }

  /** The values behind the last layer by image, null for one that has died. */
  private float[][] lastValues() {
    float[][] values = new float[data.imageCount()][];
    if (live.count() > 0) {
      try (HostView view = live.y().view(Access.READ)) {
        for (int row = 0; row < live.count(); row++) {
          long rowBytes = (long) Float.BYTES * data.neurons();
          values[live.image(row)] = view.segment().asSlice(row * rowBytes, rowBytes).toArray(FLOAT);
        }
      }
    }
    return values;
  }

  /** {@return the images that are alive behind the last layer, from 0} */
  public SortedSet<Integer> categoriesFound() {
    return live.images();
  }

  /** {@return how many rows are alive behind each layer} */
  public List<Integer> liveRows() {
    return List.copyOf(liveRows);
  }

  /** {@return the least that this run must move} */
  public Traffic least() {
    return copies ? traffic().least() : Traffic.NOTHING;
  }

  /** {@return what a program moves that copies all arguments at every launch} */
  public Traffic naive() {
    return traffic().naive();
  }

  private NetworkTraffic traffic() {
    return new NetworkTraffic(data.layers(), entering, pageSizeBytes);
  }

  /** {@return the seconds that kernels ran, by their device's clock} */
  public double kernelSeconds() {
    return launches.kernelSeconds();
  }
}
