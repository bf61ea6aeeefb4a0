package io.samepage.testkit;

import static io.samepage.testkit.WorldChecks.check;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.PlainModel.Held;
import io.samepage.testkit.PlainModel.ModelSlice;
import io.samepage.testkit.PlainModel.Use;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The random operations that leave the closing of a device lease to the memory: until a fence passes or fails, or work is done. */
final class RandomLeaving {
  private static final int PROGRAMS_NODE = 0;

  private final UnifiedMemory memory;
  private final Attempts attempts;
  private final PlainModel model;
  private final WorldChecks checks;
  private final LeftOpen left;
  private final OwnProgram program;
  private final Consumer<Supplier<String>> journal;

  /** {@code program} may be null. */
  RandomLeaving(UnifiedMemory memory, Attempts attempts, PlainModel model, WorldChecks checks, LeftOpen left, OwnProgram program,
      Consumer<Supplier<String>> journal) {
    this.memory = memory;
    this.attempts = attempts;
    this.model = model;
    this.checks = checks;
    this.left = left;
    this.program = program;
    this.journal = journal;
  }

  void step(Picks picks) {
    int node = picks.below(memory.devices().size());
    switch (picks.below(4)) {
      case 0 -> picks.slice().flatMap(model::wholePages).ifPresent(slice -> fail(picks, node, slice));
      case 1 -> work(picks);
      default -> picks.slice().ifPresent(slice -> leave(node, slice, picks.onceIn(2) ? Access.READ : Access.READ_WRITE, picks.onceIn(3)));
    }
  }

  private List<DeviceLease> acquire(int node, ModelSlice slice, Access access, String what) {
    Device device = memory.devices().get(node);
    journal.accept(() -> "lease of " + device.name() + " until " + what + ", " + access + " " + slice);
    List<DeviceLease> opened = new ArrayList<>();
    if (attempts.attempt(node, List.of(new Use(slice, access)), true, () -> opened.add(device.acquire(slice.slice(), access)))
        == Outcome.DONE) {
      attempts.count(Tally.LEASE.plus(Tally.LEFT));
    }
    return opened;
  }

  private void leave(int node, ModelSlice slice, Access access, boolean passes) {
    for (DeviceLease lease : acquire(node, slice, access, "a fence passes")) {
      HandFence fence = new HandFence();
      left.add(new Held(lease, node, List.of(new Use(slice, access))), fence, lease.closeWhen(fence));
      if (passes) {
        journal.accept(() -> "  it passes");
        fence.pass();
      }
    }
  }

  /** Work of the program's, which nobody holds up. */
  private void work(Picks picks) {
    int count = 1 << picks.below(11);
    int by = picks.below(100);
    if (program == null) {
      return;
    }
    picks.slice(count, Integer.BYTES).ifPresent(slice -> {
      for (DeviceLease lease : acquire(PROGRAMS_NODE, slice, Access.READ_WRITE, "a program has added " + by)) {
        CompletableFuture<Void> end = program.incrementAndLeave(lease, count, by);
        left.add(new Held(lease, PROGRAMS_NODE, List.of(new Use(slice, Access.READ_WRITE))), null, end);
        RandomWorld.compute("increment", count, by, List.of(slice.bytes()));
      }
    });
  }

  /** What was to be written is lost, until somebody overwrites it. */
  private void fail(Picks picks, int node, ModelSlice slice) {
    for (DeviceLease lease : acquire(node, slice, Access.READ_WRITE, "a fence fails")) {
      HandFence fence = new HandFence();
      CompletableFuture<Void> end = lease.closeWhen(fence);
      IllegalStateException failure = new IllegalStateException("The program's work has failed");
      fence.fail(failure);
      checkFailed(end, failure);
      checks.poisoned(slice);
      overwrite(slice, MemorySegment.ofArray(picks.bytes(slice.size())));
    }
  }

  private static void checkFailed(CompletableFuture<Void> end, RuntimeException failure) {
    try {
      end.join();
    } catch (CompletionException e) {
      check(e.getCause() == failure, () -> "Another failure than the fence's: " + e.getCause());
      return;
    }
    throw new AssertionError("The fence has failed, and nobody is told");
  }

  private void overwrite(ModelSlice slice, MemorySegment bytes) {
    List<Use> uses = List.of(new Use(slice, Access.WRITE));
    Outcome outcome = attempts.attempt(PlainModel.HOST, uses, true, () -> {
      try (HostLease lease = slice.slice().host(Access.WRITE)) {
        lease.segment().copyFrom(bytes);
      }
    });
    check(outcome == Outcome.DONE, () -> "What is lost can't be overwritten: " + outcome + " of " + slice);
    slice.bytes().copyFrom(bytes);
  }
}
