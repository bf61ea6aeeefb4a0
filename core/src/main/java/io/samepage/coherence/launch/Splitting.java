package io.samepage.coherence.launch;

import io.samepage.Argument;
import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.Slice;
import io.samepage.SplitArgument;
import io.samepage.coherence.split.Cuts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The arguments of a split launch, checked as those of one launch, and what each part is given of them. */
final class Splitting {
  /** Consecutive items, and which of the kernels computes them. */
  record Run(int index, long first, long count) {
    long end() {
      return first + count;
    }
  }

  private final CoherentKernel kernel;
  private final Grid grid;
  private final int dimension;
  private final List<Object> given;
  private final List<LaunchArgument> checked;

  private Splitting(CoherentKernel kernel, Grid grid, int dimension, List<Object> given) {
    this.kernel = kernel;
    this.grid = grid;
    this.dimension = dimension;
    this.given = given;
    checked = kernel.check(resolved(kernel, new Run(0, 0, items()), (index, sliced) -> sliced.memory()));
  }

  /**
   * Arguments of a split launch.
   *
   * @throws IllegalArgumentException if they would not fit one launch of a kernel, or can't be split
   */
  static Splitting of(CoherentKernel kernel, Grid grid, int dimension, List<Object> given) {
    Splitting splitting = new Splitting(kernel, grid, dimension, given);
    for (int i = 0; i < given.size(); i++) {
      splitting.check(i);
    }
    return splitting;
  }

  private void check(int index) {
    if (given.get(index) instanceof SplitArgument.Sliced(Object memory, long itemSizeBytes)) {
      if (!(checked.get(index) instanceof LaunchArgument.Memory all)) {
        throw misfit("Memory alone can be sliced", index, "given=" + memory);
      }
      if (all.slice().sizeBytes() / itemSizeBytes != items() || all.slice().sizeBytes() % itemSizeBytes != 0) {
        throw misfit("Sliced memory has the bytes of all items", index, "sizeBytes=" + all.slice().sizeBytes() + ", items=" + items()
            + ", itemSizeBytes=" + itemSizeBytes);
      }
    } else if (checked.get(index) instanceof LaunchArgument.Memory whole && whole.access().writes()) {
      throw misfit("Memory that all parts are given is read alone", index, "access=" + whole.access() + ", slice=" + whole.slice()
          + "; slice it, or declare it by in, if the kernel only reads it");
    }
  }

  private IllegalArgumentException misfit(String rule, int index, String found) {
    return new IllegalArgumentException(rule + ": index=" + index + ", parameter=" + kernel.parameters().get(index).name() + ", " + found
        + ", kernel=" + kernel.name());
  }

  private long items() {
    return grid.size(dimension);
  }

  /** What each kernel computes; those that would have nothing are left out. */
  List<Run> runs(List<Double> shares) {
    if (shares.size() == 1) {
      return List.of(new Run(0, 0, items()));
    }
    Cuts everywhere = cuts(false);
    if (everywhere.areFine(shares.size())) {
      List<Run> runs = runs(everywhere, shares);
      if (areApart(runs)) {
        return runs;
      }
    }
    List<Run> runs = runs(cuts(true), shares);
    return runs.size() > 1 && areApart(runs) ? runs : List.of(new Run(largest(shares), 0, items()));
  }

  /** Cuts at page borders of the memory that is sliced, or of what is written alone. */
  private Cuts cuts(boolean ofWritten) {
    List<Cuts.Slices> apart = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i) instanceof SplitArgument.Sliced sliced && checked.get(i) instanceof LaunchArgument.Memory all
          && (all.access().writes() || !ofWritten)) {
        apart.add(new Cuts.Slices(all.slice().offsetBytes(), sliced.itemSizeBytes()));
      }
    }
    return Cuts.of(items(), Math.max(1, grid.localSize(dimension)), apart, kernel.device().owner().pageSizeBytes());
  }

  private static List<Run> runs(Cuts cuts, List<Double> shares) {
    List<Long> borders = cuts.borders(shares);
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      if (borders.get(i) < borders.get(i + 1)) {
        runs.add(new Run(i, borders.get(i), borders.get(i + 1) - borders.get(i)));
      }
    }
    return runs;
  }

  private static int largest(List<Double> shares) {
    int largest = 0;
    for (int i = 1; i < shares.size(); i++) {
      largest = shares.get(i) > shares.get(largest) ? i : largest;
    }
    return largest;
  }

  /** Whether no part writes a page that another one uses, be it by another argument of the same range. */
  private boolean areApart(List<Run> runs) {
    for (Run run : runs) {
      for (Run other : runs) {
        if (run != other && sharesWrittenPage(run, other)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean sharesWrittenPage(Run writer, Run user) {
    for (int i = 0; i < given.size(); i++) {
      for (int j = 0; j < given.size(); j++) {
        if (checked.get(i) instanceof LaunchArgument.Memory written && checked.get(j) instanceof LaunchArgument.Memory used
            && written.access().writes() && sharePage(slice(i, written, writer), slice(j, used, user))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean sharePage(Slice a, Slice b) {
    int page = kernel.device().owner().pageSizeBytes();
    return a.range() == b.range() && a.offsetBytes() / page < Math.ceilDiv(b.endBytes(), (long) page)
        && b.offsetBytes() / page < Math.ceilDiv(a.endBytes(), (long) page);
  }

  private Slice slice(int index, LaunchArgument.Memory all, Run run) {
    return given.get(index) instanceof SplitArgument.Sliced(Object memory, long itemSizeBytes)
        ? all.slice().slice(run.first() * itemSizeBytes, run.count() * itemSizeBytes) : all.slice();
  }

  /** The launch of a part, checked. */
  PlannedLaunch plan(Run run, CoherentKernel of) {
    if (of == kernel && run.count() == items()) {
      return of.plan(grid, checked);
    }
    List<LaunchArgument> its = of.check(resolved(of, run, (index, sliced) -> part(index, sliced, run)));
    for (int i = 0; i < its.size(); i++) {
      checkAlike(i, its.get(i), of);
    }
    return of.plan(with(run.count()), its);
  }

  /** Where it may be cut, and that no part writes what another one uses, was told by what the first kernel does. */
  private void checkAlike(int index, LaunchArgument its, CoherentKernel of) {
    if (its instanceof LaunchArgument.Memory memory && checked.get(index) instanceof LaunchArgument.Memory first
        && memory.access() != first.access()) {
      throw misfit("All kernels of a split launch do the same with memory", index, "access=" + first.access() + " on "
          + kernel.device().name() + ", " + memory.access() + " on " + of.device().name() + "; declare it by in, out or inOut");
    }
  }

  private Grid with(long count) {
    return new Grid(grid.dimensions(), dimension == 0 ? count : grid.x(), dimension == 1 ? count : grid.y(),
        dimension == 2 ? count : grid.z(), grid.localX(), grid.localY(), grid.localZ(), grid.isExact());
  }

  /** What a plain launch is given for a part. */
  private Object[] resolved(CoherentKernel of, Run run, BiFunction<Integer, SplitArgument.Sliced, Object> slices) {
    Object[] arguments = new Object[given.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = switch (given.get(i)) {
        case SplitArgument.Sliced sliced -> slices.apply(i, sliced);
        case SplitArgument.FirstItem _ -> number(run.first(), of, i);
        case SplitArgument.ItemCount _ -> number(run.count(), of, i);
        // Null is for the check of the arguments to refuse.
        case null -> null;
        case Object same -> same;
      };
    }
    return arguments;
  }

  /** Declared as the whole was. */
  private Object part(int index, SplitArgument.Sliced sliced, Run run) {
    LaunchArgument.Memory all = (LaunchArgument.Memory) checked.get(index);
    Slice slice = slice(index, all, run);
    return sliced.memory() instanceof Argument ? new Argument.Memory(slice, all.access()) : slice;
  }

  private Object number(long number, CoherentKernel of, int index) {
    boolean isInt = index < of.parameters().size() && of.parameters().get(index) instanceof KernelParameter.Value value
        && value.type() == int.class;
    if (isInt && number != (int) number) {
      throw misfit("A number of items is too large for an int", index, "number=" + number);
    }
    if (isInt) {
      return (int) number;
    }
    return number;
  }
}
