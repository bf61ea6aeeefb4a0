package io.samepage.testkit;

import static io.samepage.testkit.WorldChecks.check;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Residency;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.PlainModel.ModelSlice;
import io.samepage.testkit.PlainModel.Use;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The random operations that bring, fill and copy. */
final class RandomTransfers {
  private final UnifiedMemory memory;
  private final PlainModel model;
  private final Attempts attempts;
  private final WorldChecks checks;
  private final Consumer<Supplier<String>> journal;
  private final BiConsumer<Fence, List<Use>> reads;

  /** {@code reads} is told what a device may still read until a fence has passed. */
  RandomTransfers(UnifiedMemory memory, PlainModel model, Attempts attempts, WorldChecks checks, Consumer<Supplier<String>> journal,
      BiConsumer<Fence, List<Use>> reads) {
    this.memory = memory;
    this.model = model;
    this.attempts = attempts;
    this.checks = checks;
    this.journal = journal;
    this.reads = reads;
  }

  void step(Picks picks) {
    int kind = picks.below(6);
    (picks.onceIn(2) ? picks.slice() : picks.sliceOfDevice()).ifPresent(slice -> {
      switch (kind) {
        case 0 -> prefetch(picks, picks.below(memory.devices().size()), slice);
        case 1 -> prefetchToHost(slice);
        case 2, 3 -> fill(picks, slice);
        default -> picks.slice(slice.size(), 1).ifPresent(target -> copy(picks, slice, target));
      }
    });
  }

  private void prefetch(Picks picks, int node, ModelSlice slice) {
    Device device = memory.devices().get(node);
    journal.accept(() -> "prefetch " + slice + " to " + device.name());
    List<Fence> fences = new ArrayList<>();
    if (attempts.attempt(node, List.of(new Use(slice, Access.READ)), false, () -> fences.add(slice.slice().prefetchTo(device)))
        == Outcome.DONE) {
      attempts.count(Tally.TRANSFER);
      awaitSometimes(picks, fences.getFirst());
      checks.holdsAll(node, slice);
    }
  }

  private void prefetchToHost(ModelSlice slice) {
    journal.accept(() -> "prefetch " + slice + " to the host");
    if (attempts.attempt(PlainModel.HOST, List.of(new Use(slice, Access.READ)), true, slice.slice()::prefetchToHost) == Outcome.DONE) {
      attempts.count(Tally.TRANSFER);
      checks.holdsAll(PlainModel.HOST, slice);
    }
  }

  private void fill(Picks picks, ModelSlice slice) {
    byte value = (byte) picks.below(256);
    journal.accept(() -> "fill " + slice + " with " + value);
    if (transfer(picks, slice, List.of(new Use(slice, Access.WRITE)), () -> slice.slice().fill(value))) {
      slice.bytes().fill(value);
    }
  }

  private void copy(Picks picks, ModelSlice source, ModelSlice target) {
    journal.accept(() -> "copy " + source + " to " + target);
    List<Use> uses = List.of(new Use(source, Access.READ), new Use(target, Access.WRITE));
    if (transfer(picks, source, uses, () -> source.slice().copyTo(target.slice()))) {
      target.bytes().copyFrom(source.bytes());
    }
  }

  /** Does what is done where the pages of a slice are; answers whether it was. What is written comes last among its uses. */
  private boolean transfer(Picks picks, ModelSlice slice, List<Use> uses, Supplier<Fence> action) {
    attempts.endLeft();
    List<Integer> holders = holders(slice);
    List<Fence> fences = new ArrayList<>();
    if (attempts.attemptThere(holders, uses, () -> fences.add(action.get())) != Outcome.DONE) {
      return false;
    }
    attempts.count(Tally.TRANSFER);
    reads.accept(fences.getFirst(), uses);
    awaitSometimes(picks, fences.getFirst());
    checkDoneThere(holders.isEmpty() ? PlainModel.HOST : holders.getFirst(), uses);
    return true;
  }

  private static void awaitSometimes(Picks picks, Fence fence) {
    if (picks.onceIn(3)) {
      fence.await();
    }
  }

  /** The devices that have more of a slice than the host, those before the others that have the most of it. */
  private List<Integer> holders(ModelSlice slice) {
    Residency residency = slice.slice().residency();
    return IntStream.range(0, memory.devices().size()).boxed()
        .filter(node -> residency.pagesOn(checks.nodeName(node)) > residency.pagesOn(Residency.HOST))
        .sorted(Comparator.comparing(node -> -residency.pagesOn(checks.nodeName(node)))).toList();
  }

  /** Another node than the one that has the most may have done it only where that one could not. */
  private void checkDoneThere(int holder, List<Use> uses) {
    ModelSlice target = uses.getLast().slice();
    int node = checks.writer(target);
    check(node == holder || (holder != PlainModel.HOST && mayBeRefused(holder, uses)),
        () -> checks.nodeName(node) + " did what " + checks.nodeName(holder) + " has the most of and a place for: " + uses);
    checks.onlyHolder(node, target);
    if (node != PlainModel.HOST) {
      attempts.count(Tally.ON_DEVICE);
      model.writtenByDevice(target);
    }
  }

  /**
   * A device that always had room for everything has given each range one window, but beside memory that it has adopted. What touches bring
   * ahead comes home at any time.
   */
  private boolean mayBeRefused(int node, List<Use> uses) {
    return model.isTouched() || model.conflicts(node, uses, false) || model.isHeldOn(node)
        || uses.stream().anyMatch(use -> model.mayReplaceAdopted(node, use.slice()))
        || memory.devices().get(node).budgetBytes() < 2 * model.mostUnitBytes();
  }
}
