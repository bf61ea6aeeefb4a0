package io.samepage.coherence.launch;

import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.SplitKernel;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.transfer.Updates;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;

/** Kernels of several devices of a memory, and how launches are split over them. */
public final class CoherentSplitKernel implements SplitKernel {
  private static final int LAST_DIMENSION = -1;

  private final MemoryContext memory;
  private final Updates updates;
  private final List<CoherentKernel> kernels;
  private final List<Double> shares;
  private final int dimension;
  private final RecentLaunches<List<PlannedLaunch>> recent = new RecentLaunches<>();

  private CoherentSplitKernel(MemoryContext memory, Updates updates, List<CoherentKernel> kernels, List<Double> shares, int dimension) {
    this.memory = memory;
    this.updates = updates;
    this.kernels = kernels;
    this.shares = shares;
    this.dimension = dimension;
  }

  /**
   * A kernel over kernels of several devices.
   *
   * @param memory their memory
   * @param updates what is told of its launches
   * @param kernels one for each device
   * @return the split kernel
   * @throws IllegalArgumentException if one is another memory's, or two are of one device
   */
  public static SplitKernel of(MemoryContext memory, Updates updates, List<Kernel> kernels) {
    List<CoherentKernel> own = kernels.stream().map(kernel -> own(memory, kernel)).toList();
    if (own.isEmpty() || new HashSet<>(own.stream().map(CoherentKernel::device).toList()).size() < own.size()) {
      throw new IllegalArgumentException("A split kernel has kernels of different devices, at least one: kernels=" + kernels);
    }
    return new CoherentSplitKernel(memory, updates, own, Collections.nCopies(own.size(), 1.0), LAST_DIMENSION);
  }

  private static CoherentKernel own(MemoryContext memory, Kernel kernel) {
    if (kernel instanceof CoherentKernel own && own.device().owner() == memory) {
      return own;
    }
    throw new IllegalArgumentException("The kernel belongs to another memory: kernel=" + kernel + ", thisMemory=" + memory);
  }

  @Override
  public List<Kernel> kernels() {
    return List.copyOf(kernels);
  }

  @Override
  public SplitKernel along(int newDimension) {
    return new CoherentSplitKernel(memory, updates, kernels, shares, Objects.checkIndex(newDimension, 3));
  }

  @Override
  public SplitKernel shares(double... newShares) {
    boolean isFit = DoubleStream.of(newShares).allMatch(share -> share > 0 && Double.isFinite(share));
    if (newShares.length != kernels.size() || !isFit) {
      throw new IllegalArgumentException("A positive number for each kernel: shares=" + DoubleStream.of(newShares).boxed().toList()
          + ", kernels=" + kernels);
    }
    return new CoherentSplitKernel(memory, updates, kernels, DoubleStream.of(newShares).boxed().toList(), dimension);
  }

  @Override
  public List<Part> parts(Grid grid, Object... arguments) {
    Splitting splitting = splitting(grid, arguments.clone());
    List<Splitting.Run> runs = splitting.runs(shares);
    runs.forEach(run -> splitting.plan(run, kernels.get(run.index())));
    return runs.stream().map(run -> new Part(kernels.get(run.index()).device(), run.first(), run.count())).toList();
  }

  @Override
  public Fence launch(Grid grid, Object... arguments) {
    List<PlannedLaunch> parts = planned(grid, arguments);
    if (parts.size() == 1) {
      return parts.getFirst().kernel().launch(parts.getFirst());
    }
    // What has ended on any device may be in the way of a part, and where nobody is to be waited for, it is looked for but once.
    memory.retireDone();
    return new SplitLaunch(memory, updates, parts).start();
  }

  private List<PlannedLaunch> planned(Grid grid, Object... arguments) {
    List<PlannedLaunch> known = recent.find(grid, arguments);
    if (known != null) {
      return again(known);
    }
    Object[] given = arguments.clone();
    Splitting splitting = splitting(grid, given);
    List<PlannedLaunch> parts = splitting.runs(shares).stream().map(run -> splitting.plan(run, kernels.get(run.index()))).toList();
    recent.keep(grid, given, () -> parts.stream().map(PlannedLaunch::again).toList());
    return parts;
  }

  private static List<PlannedLaunch> again(List<PlannedLaunch> known) {
    PlannedLaunch[] parts = new PlannedLaunch[known.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = known.get(i).kernel().again(known.get(i));
    }
    return List.of(parts);
  }

  private Splitting splitting(Grid grid, Object... arguments) {
    memory.checkOpen();
    int along = dimension == LAST_DIMENSION ? grid.dimensions() - 1 : dimension;
    if (along >= grid.dimensions()) {
      throw new IllegalArgumentException("The grid has not the dimension that is split: dimension=" + along + ", grid=" + grid);
    }
    return Splitting.of(kernels.getFirst(), grid, along, Arrays.asList(arguments));
  }

  @Override
  public String toString() {
    return "SplitKernel" + kernels;
  }
}
