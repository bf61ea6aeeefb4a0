package io.samepage.testkit;

import static io.samepage.SplitArgument.sliced;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.SplitKernel;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.PlainModel.ModelSlice;
import io.samepage.testkit.PlainModel.Use;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The random operations that several devices do together. */
final class RandomSplits {
  private static final int ITEM_BYTES = Integer.BYTES;

  private final UnifiedMemory memory;
  private final PlainModel model;
  private final Attempts attempts;
  private final Consumer<Supplier<String>> journal;
  private final BiConsumer<Fence, List<Use>> reads;

  /** {@code reads} is told what devices may still read until a fence has passed. */
  RandomSplits(UnifiedMemory memory, PlainModel model, Attempts attempts, Consumer<Supplier<String>> journal,
      BiConsumer<Fence, List<Use>> reads) {
    this.memory = memory;
    this.model = model;
    this.attempts = attempts;
    this.journal = journal;
    this.reads = reads;
  }

  void step(Picks picks) {
    int items = 2 * picks.items();
    switch (picks.below(4)) {
      case 0 -> launch(picks, "fill", items, Access.WRITE);
      case 1 -> launch(picks, "increment", items, Access.READ_WRITE);
      case 2 -> launch(picks, "churn", items, Access.READ_WRITE);
      default -> launch(picks, "add", items, Access.READ, Access.READ, Access.WRITE);
    }
  }

  private void launch(Picks picks, String name, int items, Access... accesses) {
    List<Use> uses = new ArrayList<>();
    for (Access access : accesses) {
      picks.slice(items, ITEM_BYTES).ifPresent(slice -> uses.add(new Use(slice, access)));
    }
    if (uses.size() == accesses.length && !PlainModel.overlap(uses)) {
      launch(kernel(picks, name), items, picks.below(3), uses);
    }
  }

  private SplitKernel kernel(Picks picks, String name) {
    SplitKernel kernel = memory.splitKernel(TestKernels.SOURCE, name);
    List<Kernel> kernels = picks.onceIn(2) ? kernel.kernels() : kernel.kernels().reversed();
    return memory.splitKernel(kernels).shares(kernels.stream().mapToDouble(each -> 1 + picks.below(3)).toArray());
  }

  private void launch(SplitKernel kernel, int items, int value, List<Use> uses) {
    List<Object> arguments = new ArrayList<>();
    uses.forEach(use -> arguments.add(sliced(new Argument.Memory(use.slice().slice(), use.access()), ITEM_BYTES)));
    if (uses.size() == 1) {
      arguments.add(value);
    }
    // In groups of one, as some drivers compile a kernel anew for each size of groups, and parts are of any size.
    Grid grid = Grid.of(items).local(1);
    Map<Integer, List<Use>> parts = parts(kernel.parts(grid, arguments.toArray()), uses);
    journal.accept(() -> "launch " + kernel + " of " + items + ", value " + value + ", " + parts);
    List<Fence> fences = new ArrayList<>();
    Outcome outcome = attempts.attemptTogether(parts, () -> fences.add(kernel.launch(grid, arguments.toArray())));
    if (outcome == Outcome.DONE) {
      attempts.count(parts.size() > 1 ? Tally.SPLIT : Tally.LAUNCH);
      reads.accept(fences.getFirst(), uses);
      model.writtenByDevice(uses.getLast().slice());
      RandomWorld.compute(kernel.kernels().getFirst().name(), items, value, uses.stream().map(use -> use.slice().bytes()).toList());
      if ((items + value) % 3 == 0) {
        fences.getFirst().await();
      }
    }
  }

  private Map<Integer, List<Use>> parts(List<SplitKernel.Part> parts, List<Use> uses) {
    Map<Integer, List<Use>> byDevice = new LinkedHashMap<>();
    for (SplitKernel.Part part : parts) {
      List<Use> its = uses.stream().map(use -> new Use(new ModelSlice(use.slice().in(),
          use.slice().offset() + ITEM_BYTES * (int) part.firstItem(), ITEM_BYTES * (int) part.itemCount()), use.access())).toList();
      byDevice.put(memory.devices().indexOf(part.device()), its);
    }
    return byDevice;
  }
}
