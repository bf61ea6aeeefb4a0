package io.samepage.testkit;

import static io.samepage.testkit.WorldChecks.check;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.PlainModel.Adopted;
import io.samepage.testkit.PlainModel.ModelSlice;
import io.samepage.testkit.PlainModel.Use;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The random operations with a program's own memory as the first device's copy. */
final class RandomAdoptions {
  private static final int NODE = 0;

  private final Device device;
  private final OwnProgram program;
  private final Attempts attempts;
  private final PlainModel model;
  private final WorldChecks checks;
  private final Consumer<Supplier<String>> journal;
  private final List<Long> handles = new ArrayList<>();

  RandomAdoptions(UnifiedMemory memory, OwnProgram program, Attempts attempts, PlainModel model, WorldChecks checks,
      Consumer<Supplier<String>> journal) {
    device = memory.devices().get(NODE);
    this.program = program;
    this.attempts = attempts;
    this.model = model;
    this.checks = checks;
    this.journal = journal;
  }

  void step(Picks picks) {
    List<Adopted> there = model.adopted();
    if (!there.isEmpty() && picks.onceIn(2)) {
      look(there.get(picks.below(there.size())));
    } else {
      picks.slice().map(model::inUnits).ifPresent(slice -> adopt(slice, picks.bytes(slice.size())));
    }
  }

  private void adopt(ModelSlice slice, byte[] content) {
    journal.accept(() -> device.name() + " adopts memory for " + slice);
    int bytes = Math.ceilDiv(content.length, (int) model.page()) * (int) model.page();
    long handle = program.allocate(MemorySegment.ofArray(Arrays.copyOf(content, bytes)).toArray(ValueLayout.JAVA_INT_UNALIGNED));
    handles.add(handle);
    if (attempts.attemptAdoption(NODE, slice, () -> device.adopt(slice.slice(), handle)) == Outcome.DONE) {
      attempts.count(Tally.ADOPTION);
      slice.bytes().copyFrom(MemorySegment.ofArray(content));
      model.adopts(new Adopted(slice, NODE, handle));
      checks.onlyHolder(NODE, slice);
    } else {
      handles.remove(handle);
      program.free(handle);
    }
  }

  /** Under a lease the program's memory holds what the slice holds. */
  private void look(Adopted adopted) {
    ModelSlice slice = adopted.slice();
    journal.accept(() -> "look at the memory that was adopted for " + slice);
    attempts.attempt(NODE, List.of(new Use(slice, Access.READ)), true, () -> {
      try (DeviceLease lease = device.acquire(slice.slice(), Access.READ)) {
        check(lease.handle() == adopted.handle() && lease.handleOffsetBytes() == 0, () -> "Not the memory that was adopted: " + slice);
        int[] ints = program.ints(adopted.handle(), Math.ceilDiv(slice.size(), Integer.BYTES));
        checks.compare(MemorySegment.ofArray(ints).asSlice(0, slice.size()), slice);
      }
    });
  }

  /** Once the memory is closed. */
  void free() {
    handles.forEach(program::free);
  }
}
