package io.samepage.samples.network;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelArguments;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.WorkGroup;
import io.samepage.samples.accounting.LaunchMeter;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.HostView;
import io.samepage.samples.hostview.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** One layer's product, dense by sparse, compiled for one device. */
final class NetworkKernel {
  private static final int GROUP = 256;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private static final KernelSource SOURCE = KernelSource.builder()
      .openClResource(NetworkKernel.class, "network.cl")
      .ptxResource(NetworkKernel.class, "network.ptx")
      .java("propagate", List.of(KernelParameter.in("y", 4), KernelParameter.in("starts", 4), KernelParameter.in("sources", 4),
          KernelParameter.in("weights", 4), KernelParameter.out("z", 4), KernelParameter.value("neurons", int.class)),
          NetworkKernel::propagate)
      .build();

  private final Kernel kernel;

  NetworkKernel(Device device) {
    kernel = device.kernel(SOURCE, "propagate");
  }

  /** Starts z = y·w for some rows, whole ones, of y and z. */
  void propagate(LaunchMeter meter, Region y, LayerSlices layer, Region z, int neurons) {
    long rows = z.sizeBytes() / ((long) Float.BYTES * neurons);
    meter.launch(kernel, Grid.of(neurons, rows).local(GROUP, 1), y.in(), layer.starts().in(), layer.sources().in(),
        layer.weights().in(), z.out(), neurons);
  }

  /** Runs it once on a network of one neuron to throw away: drivers compile for the group size at the first launch. */
  void warmUp(HostSpace space) {
    StackedLayers one = new StackedLayers(1, 1, new int[] {0, 1}, new int[] {0}, new float[] {1});
    UnifiedLayers layers = new UnifiedLayers(space, one);
    LiveRows rows = new LiveRows(space, 1, 1);
    layers.fill();
    try (HostView view = rows.y().view(Access.WRITE)) {
      view.segment().set(FLOAT, 0, 1);
    }
    LaunchMeter meter = new LaunchMeter();
    propagate(meter, rows.y(), layers.layer(0), rows.z(), 1);
    meter.await();
  }

  /** The Java form of {@code network.cl}. */
  private static void propagate(WorkGroup group, KernelArguments arguments) {
    MemorySegment y = arguments.segment(0);
    MemorySegment z = arguments.segment(4);
    int neurons = arguments.intValue(5);
    float[] input = new float[neurons];
    for (long row = group.startY(); row < group.endY(); row++) {
      long rowOffset = row * neurons;
      MemorySegment.copy(y, FLOAT, rowOffset * Float.BYTES, input, 0, neurons);
      for (long neuron = group.startX(); neuron < group.endX(); neuron++) {
        z.setAtIndex(FLOAT, rowOffset + neuron, sum(input, neuron, arguments));
      }
    }
  }

  private static float sum(float[] input, long neuron, KernelArguments arguments) {
    MemorySegment starts = arguments.segment(1);
    MemorySegment sources = arguments.segment(2);
    MemorySegment weights = arguments.segment(3);
    int base = starts.getAtIndex(INT, 0);
    int end = starts.getAtIndex(INT, neuron + 1) - base;
    float sum = 0;
    for (int entry = starts.getAtIndex(INT, neuron) - base; entry < end; entry++) {
      sum += input[sources.getAtIndex(INT, entry)] * weights.getAtIndex(FLOAT, entry);
    }
    return sum;
  }
}
