package io.samepage.testkit;

import static io.samepage.testkit.WorldChecks.check;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Lease;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.PlainModel.Held;
import io.samepage.testkit.PlainModel.ModelRange;
import io.samepage.testkit.PlainModel.ModelSlice;
import io.samepage.testkit.PlainModel.Use;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A memory beside its model. An operation is one number: what it does follows from that number and from the ranges and leases
 * that are there, so a list of operations runs again as it ran before, and any part of it runs too.
 */
final class RandomWorld implements AutoCloseable {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int MOST_HELD = 3;

  private final UnifiedMemory memory;
  private final PlainModel model;
  private final Consumer<Supplier<String>> journal;
  private final Attempts attempts;
  private final WorldChecks checks;
  private final RandomTransfers transfers;
  private final RandomSplits splits;
  private final LeftOpen left;
  private final RandomLeaving leaving;
  /** Null where the program has nothing of its own. */
  private final RandomAdoptions adoptions;
  /** Whether the host touches ranges without leases. */
  private final boolean touches;
  /** What may not be done on devices: a store to what it reads would be a race. */
  private final List<Reader> readers = new ArrayList<>();

  private record Reader(Fence fence, List<Use> uses) {}

  /** Windows of memory that is touched are made of units of more than a page. There may be no program: null. */
  RandomWorld(UnifiedMemory memory, long page, long unit, OwnProgram program, Consumer<Supplier<String>> journal) {
    this.memory = memory;
    this.journal = journal;
    touches = unit > page;
    model = new PlainModel(page, unit);
    left = new LeftOpen(model);
    attempts = new Attempts(memory, model, left);
    checks = new WorldChecks(memory, model);
    transfers = new RandomTransfers(memory, model, attempts, checks, journal, this::reads);
    splits = new RandomSplits(memory, model, attempts, journal, this::reads);
    leaving = new RandomLeaving(memory, attempts, model, checks, left, program, journal);
    adoptions = program == null ? null : new RandomAdoptions(memory, program, attempts, model, checks, journal);
  }

  Tally tally() {
    return attempts.tally();
  }

  void step(long operation) {
    Picks picks = new Picks(operation, model);
    int roll = picks.below(100);
    if (touches && picks.onceIn(2)) {
      touch(picks);
    } else if (roll < 6) {
      allocate(picks);
    } else if (roll < 10) {
      free(picks);
    } else if (roll < 40) {
      hostLease(picks);
    } else if (roll < 47) {
      deviceLease(picks);
    } else if (roll < 55) {
      release(picks);
    } else if (roll < 58) {
      checkResidency(picks);
    } else if (roll < 61) {
      discard(picks);
    } else if (roll < 63) {
      leave(picks);
    } else if (roll < 70) {
      transfers.step(picks);
    } else {
      launch(picks);
    }
    checks.counts();
  }

  private void leave(Picks picks) {
    if (adoptions != null && picks.onceIn(2)) {
      adoptions.step(picks);
    } else {
      leaving.step(picks);
    }
  }

  /** Closes what is held, compares every byte, and gives everything back. */
  void end() {
    left.endAll();
    while (!model.held().isEmpty()) {
      model.held().removeLast().lease().close();
    }
    for (ModelRange range : model.live()) {
      if (touches) {
        checks.compare(range.segment(), new ModelSlice(range, 0, range.bytes().length));
      }
      try (HostLease lease = range.range().host(Access.READ)) {
        checks.compare(lease.segment(), new ModelSlice(range, 0, range.bytes().length));
      }
      range.close();
    }
    for (Device device : memory.devices()) {
      long used = device.usedBytes();
      check(used == 0, () -> "All ranges are closed: device=" + device.name() + ", usedBytes=" + used);
    }
    long evicted = memory.devices().stream().mapToLong(device -> device.statistics().evictedBytes()).sum();
    attempts.count(Tally.evicted(evicted));
    long open = memory.statistics().openLeases();
    check(open == 0, () -> "All leases are closed: openLeases=" + open);
  }

  /** Gives up, whatever is still open. */
  @Override
  public void close() {
    left.giveUp();
    model.held().forEach(held -> held.lease().close());
    if (touches) {
      model.live().stream().filter(range -> range.arena().scope().isAlive()).forEach(ModelRange::close);
    }
    memory.close();
    if (adoptions != null) {
      adoptions.free();
    }
  }

  private void touch(Picks picks) {
    picks.slice().filter(slice -> !model.isPageHeld(slice)).ifPresent(slice -> {
      if (picks.onceIn(2)) {
        journal.accept(() -> "load " + slice);
        checks.compare(slice.touched(), slice);
      } else {
        journal.accept(() -> "store " + slice);
        awaitReadersOf(slice);
        MemorySegment bytes = MemorySegment.ofArray(picks.bytes(slice.size()));
        slice.touched().copyFrom(bytes);
        slice.bytes().copyFrom(bytes);
      }
    });
  }

  private void awaitReadersOf(ModelSlice slice) {
    readers.removeIf(reader -> reader.fence.isDone());
    readers.stream().filter(reader -> reader.uses.stream().anyMatch(use -> use.access().reads() && use.slice().sharesByte(slice)))
        .forEach(reader -> reader.fence.await());
  }

  private void reads(Fence fence, List<Use> uses) {
    if (touches) {
      readers.add(new Reader(fence, uses));
    }
  }

  private void allocate(Picks picks) {
    int slot = picks.below(PlainModel.SLOTS);
    int size = picks.rangeSize(slot);
    if (model.slot(slot) == null) {
      UnifiedRange range = touches ? allocateTouched(slot, size) : memory.allocate(size);
      journal.accept(() -> "allocate " + range.name() + " of " + size + " bytes");
      if (!touches) {
        model.put(slot, range);
      }
    } else {
      hostLease(picks);
    }
  }

  private UnifiedRange allocateTouched(int slot, int size) {
    Arena arena = memory.sharedArena();
    MemorySegment segment = arena.allocate(size);
    model.put(slot, memory.range(segment), arena, segment);
    return memory.range(segment);
  }

  private void free(Picks picks) {
    int slot = picks.below(PlainModel.SLOTS);
    ModelRange range = model.slot(slot);
    left.endPassed();
    if (range == null) {
      allocate(picks);
    } else if (model.isHeld(range)) {
      journal.accept(() -> "close " + range.range().name() + ", which is leased");
      checkNotClosed(range);
      check(range.range().isOpen(), () -> "A range with a lease was closed: " + range.range().name());
    } else {
      journal.accept(() -> "close " + range.range().name());
      range.close();
      model.remove(slot);
    }
  }

  private static void checkNotClosed(ModelRange range) {
    try {
      range.close();
    } catch (IllegalStateException e) {
      return;
    }
    throw new AssertionError("A range with a lease was closed: " + range.range().name());
  }

  private void hostLease(Picks picks) {
    Access access = picks.access();
    List<Use> uses = new ArrayList<>();
    for (int i = picks.below(3); i >= 0; i--) {
      picks.slice().ifPresent(slice -> uses.add(new Use(slice, access)));
    }
    if (uses.isEmpty()) {
      return;
    }
    boolean isShared = picks.onceIn(16);
    journal.accept(() -> (isShared ? "shared" : "confined") + " host lease, " + uses);
    List<Slice> slices = uses.stream().map(use -> use.slice().slice()).toList();
    List<HostLease> opened = new ArrayList<>();
    Outcome outcome = attempts.attempt(PlainModel.HOST, uses, true, () -> opened.add(
        isShared ? memory.hostShared(access, slices, Duration.ofMinutes(1)) : memory.host(access, slices)));
    if (outcome == Outcome.DONE) {
      use(opened.getFirst(), uses, picks);
      keepOrClose(new Held(opened.getFirst(), PlainModel.HOST, uses), !isShared && picks.onceIn(8));
    }
  }

  private void use(HostLease lease, List<Use> uses, Picks picks) {
    for (int i = 0; i < uses.size(); i++) {
      MemorySegment segment = lease.segments().get(i);
      ModelSlice slice = uses.get(i).slice();
      if (lease.access().reads()) {
        checks.compare(segment, slice);
      }
      if (lease.access().writes()) {
        MemorySegment bytes = MemorySegment.ofArray(picks.bytes(slice.size()));
        segment.copyFrom(bytes);
        slice.bytes().copyFrom(bytes);
      }
    }
  }

  private void discard(Picks picks) {
    picks.slice().ifPresent(slice -> {
      journal.accept(() -> "discard " + slice);
      List<Use> whole = model.wholePages(slice).stream().map(pages -> new Use(pages, Access.WRITE)).toList();
      if (attempts.attempt(PlainModel.HOST, whole, true, slice.slice()::discard) == Outcome.DONE) {
        whole.forEach(use -> {
          use.slice().bytes().fill((byte) 0);
          checks.untouched(use.slice());
        });
      }
    });
  }

  private void deviceLease(Picks picks) {
    int node = picks.below(memory.devices().size());
    Device device = memory.devices().get(node);
    Access access = picks.access();
    // What an overwriting device lease leaves behind is anything until something is written there: a launch does it, so whole ints.
    (access == Access.WRITE ? picks.slice(picks.items(), Integer.BYTES) : picks.slice()).ifPresent(slice -> {
      List<Use> uses = List.of(new Use(slice, access));
      journal.accept(() -> "lease of " + device.name() + ", " + uses);
      List<Lease> opened = new ArrayList<>();
      if (attempts.attempt(node, uses, true, () -> opened.add(device.acquire(slice.slice(), access))) == Outcome.DONE) {
        keepOrClose(new Held(opened.getFirst(), node, uses), access != Access.WRITE && picks.onceIn(5));
        if (access == Access.WRITE) {
          fill(node, slice, picks.below(Integer.MAX_VALUE));
        }
      }
    });
  }

  private void fill(int node, ModelSlice slice, int value) {
    Outcome outcome = launch(node, "fill", slice.size() / Integer.BYTES, value, List.of(new Use(slice, Access.WRITE)));
    check(outcome == Outcome.DONE, () -> "What was just leased on the device can't be filled there: " + outcome + " of " + slice.slice());
  }

  private void keepOrClose(Held held, boolean keep) {
    attempts.count(Tally.LEASE);
    if (keep && model.held().size() < MOST_HELD) {
      journal.accept(() -> "  stays open");
      model.held().add(held);
    } else {
      close(held);
    }
  }

  private void close(Held held) {
    held.lease().close();
    if (held.lease().access().writes()) {
      held.uses().forEach(use -> checks.onlyHolder(held.node(), use.slice()));
    }
  }

  private void release(Picks picks) {
    if (model.held().isEmpty()) {
      hostLease(picks);
      return;
    }
    Held held = model.held().remove(picks.below(model.held().size()));
    journal.accept(() -> "close the lease of " + checks.nodeName(held.node()) + ", " + held.uses());
    if (held.lease() instanceof HostLease lease && lease.access() != Access.WRITE) {
      use(lease, held.uses(), picks);
    }
    close(held);
  }

  private void launch(Picks picks) {
    if (memory.devices().size() > 1 && picks.onceIn(8)) {
      splits.step(picks);
      return;
    }
    int node = picks.below(memory.devices().size());
    int items = picks.items();
    switch (picks.below(8)) {
      case 0, 1 -> launch(picks, node, "fill", items, Access.WRITE);
      case 2, 3 -> launch(picks, node, "increment", items, Access.READ_WRITE);
      case 4 -> launch(picks, node, "churn", items, Access.READ_WRITE);
      case 5 -> launch(picks, node, "add", items, Access.READ, Access.READ, Access.WRITE);
      default -> launch(picks, node, "copy", items, Access.READ, Access.WRITE);
    }
  }

  private void launch(Picks picks, int node, String kernel, int items, Access... accesses) {
    List<Use> uses = new ArrayList<>();
    for (Access access : accesses) {
      picks.slice(items, kernel.equals("copy") ? 1 : Integer.BYTES).ifPresent(slice -> uses.add(new Use(slice, access)));
    }
    if (uses.size() == accesses.length) {
      launch(node, kernel, items, picks.below(3), uses);
    } else {
      allocate(picks);
    }
  }

  private Outcome launch(int node, String kernel, int items, int value, List<Use> uses) {
    Device device = memory.devices().get(node);
    journal.accept(() -> "launch " + kernel + " of " + items + " on " + device.name() + ", value " + value + ", " + uses);
    List<Argument> arguments = new ArrayList<>();
    uses.forEach(use -> arguments.add(new Argument.Memory(use.slice().slice(), use.access())));
    if (uses.size() == 1) {
      arguments.add(Argument.value(value));
    }
    List<Fence> fences = new ArrayList<>();
    Outcome outcome = attempts.attempt(node, uses, false, () -> fences.add(
        device.kernel(TestKernels.SOURCE, kernel).launch(Grid.of(items), arguments.toArray())));
    if (outcome == Outcome.DONE) {
      attempts.count(Tally.LAUNCH);
      reads(fences.getFirst(), uses);
      model.writtenByDevice(uses.getLast().slice());
      compute(kernel, items, value, uses.stream().map(use -> use.slice().bytes()).toList());
      if ((items + value) % 3 == 0) {
        fences.getFirst().await();
      }
    }
    return outcome;
  }

  /** What a kernel does to the bytes of its arguments. */
  static void compute(String kernel, int items, int value, List<MemorySegment> at) {
    MemorySegment last = at.getLast();
    if (kernel.equals("copy")) {
      last.copyFrom(at.getFirst());
      return;
    }
    for (int i = 0; i < items; i++) {
      last.setAtIndex(INT, i, switch (kernel) {
        case "fill" -> value;
        case "increment" -> last.getAtIndex(INT, i) + value;
        case "churn" -> TestKernels.churned(last.getAtIndex(INT, i), value);
        default -> at.get(0).getAtIndex(INT, i) + at.get(1).getAtIndex(INT, i);
      });
    }
  }

  private void checkResidency(Picks picks) {
    picks.slice().ifPresent(slice -> {
      Residency residency = slice.slice().residency();
      journal.accept(() -> "residency of " + slice.slice() + ": " + residency);
      check(residency.poisonedPages() == 0, () -> "Nothing failed, yet there is poison: " + residency);
      for (int page = 0; page < residency.pageCount(); page++) {
        int at = page;
        check(!residency.nodes(page).isEmpty(), () -> "Nobody holds page " + at + " of " + slice.slice() + ": " + residency);
      }
    });
    for (Held held : model.held()) {
      for (Use use : held.uses()) {
        Residency residency = use.slice().slice().residency();
        // What is being overwritten becomes valid when the lease is closed.
        check(!use.access().reads() || residency.pagesOn(checks.nodeName(held.node())) == residency.pageCount(),
            () -> "A leased page is not where it is leased: " + use + " of " + checks.nodeName(held.node()) + ", " + residency);
      }
    }
  }
}
