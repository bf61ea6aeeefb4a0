package io.samepage.testkit;

import static io.samepage.testkit.WorldChecks.check;

import io.samepage.Access;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.MemoryKind;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.PlainModel.ModelSlice;
import io.samepage.testkit.PlainModel.Use;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Does what may be refused, checks that it is refused exactly when the model says so, and counts what came of it. */
final class Attempts {
  private final UnifiedMemory memory;
  private final PlainModel model;
  private final LeftOpen left;
  private Tally tally = Tally.NOTHING;

  Attempts(UnifiedMemory memory, PlainModel model, LeftOpen left) {
    this.memory = memory;
    this.model = model;
    this.left = left;
  }

  Tally tally() {
    return tally;
  }

  void count(Tally more) {
    tally = tally.plus(more);
  }

  /** Does what opens a lease or launches a kernel on a node. */
  Outcome attempt(int node, List<Use> uses, boolean isLease, Runnable action) {
    left.makeWay(node, uses, isLease, needsPlace(node));
    Set<Outcome> allowed = PlainModel.overlap(uses) ? EnumSet.of(Outcome.OVERLAP) : allowed(node, uses, isLease);
    model.uses(node, uses);
    return attempt(allowed, action);
  }

  /** Has a device adopt memory for a slice. What it has used of the range before it may have given up since. */
  Outcome attemptAdoption(int node, ModelSlice slice, Runnable action) {
    List<Use> uses = List.of(new Use(slice, Access.WRITE));
    left.makeWay(node, uses, true, true);
    Set<Outcome> allowed = EnumSet.of(Outcome.DONE);
    if (model.conflicts(node, uses, true)) {
      allowed = EnumSet.of(Outcome.CONFLICT);
    } else if (model.isAdopted(node, slice)) {
      allowed = EnumSet.of(Outcome.THERE);
    } else if (model.isUsed(node, slice.in())) {
      allowed.add(Outcome.THERE);
    }
    model.uses(node, uses);
    return attempt(allowed, action);
  }

  private Set<Outcome> allowed(int node, List<Use> uses, boolean isLease) {
    boolean needsPlace = needsPlace(node);
    boolean fits = fits(node, uses);
    boolean conflicts = model.conflicts(node, uses, isLease);
    Set<Outcome> allowed = EnumSet.of(conflicts ? Outcome.CONFLICT : fits ? Outcome.DONE : Outcome.OUT_OF_MEMORY);
    // Leases that are held pin their allocations: what is left may be too little or too scattered, and none of them can grow.
    if (!fits || (needsPlace && (model.isHeldOn(node) || uses.stream().anyMatch(use -> model.mayReplaceAdopted(node, use.slice()))))) {
      allowed.add(Outcome.OUT_OF_MEMORY);
    }
    if (needsPlace && model.isHeldOn(node, uses)) {
      allowed.add(Outcome.CONFLICT);
    }
    return allowed;
  }

  /** Does what several devices do together or none: for each its number and its uses. */
  Outcome attemptTogether(Map<Integer, List<Use>> parts, Runnable action) {
    left.endAll();
    Set<Outcome> allowed = EnumSet.noneOf(Outcome.class);
    parts.forEach((node, uses) -> allowed.addAll(allowed(node, uses, false)));
    if (parts.entrySet().stream().anyMatch(part -> model.conflicts(part.getKey(), part.getValue(), false))) {
      allowed.retainAll(EnumSet.of(Outcome.CONFLICT));
    } else if (parts.entrySet().stream().anyMatch(part -> !fits(part.getKey(), part.getValue()))) {
      allowed.remove(Outcome.DONE);
    }
    parts.forEach(model::uses);
    return attempt(allowed, action);
  }

  /** Who uses the host's pages needs no place. */
  private boolean needsPlace(int node) {
    return node != PlainModel.HOST && memory.devices().get(node).memoryKind() == MemoryKind.DISCRETE;
  }

  private boolean fits(int node, List<Use> uses) {
    return !needsPlace(node) || model.unitBytes(node, uses) <= memory.devices().get(node).budgetBytes();
  }

  /** Has the memory close all leases that are left to it, so that pages stay where they are now. */
  void endLeft() {
    left.endAll();
  }

  /** Does what one of some devices would do, or the host where none can. Leases that were left to the memory have ended. */
  Outcome attemptThere(List<Integer> devices, List<Use> uses, Runnable action) {
    Set<Outcome> allowed = PlainModel.overlap(uses) ? EnumSet.of(Outcome.OVERLAP) : allowedThere(devices, uses);
    devices.forEach(node -> model.uses(node, uses));
    return attempt(allowed, action);
  }

  private Set<Outcome> allowedThere(List<Integer> devices, List<Use> uses) {
    if (!model.conflicts(PlainModel.HOST, uses, true)) {
      return EnumSet.of(Outcome.DONE);
    }
    boolean mayBeDone = devices.stream().anyMatch(node -> !model.conflicts(node, uses, false));
    return mayBeDone ? EnumSet.of(Outcome.DONE, Outcome.CONFLICT) : EnumSet.of(Outcome.CONFLICT);
  }

  private Outcome attempt(Set<Outcome> allowed, Runnable action) {
    Outcome outcome = outcome(action, allowed);
    check(allowed.contains(outcome), () -> "Expected one of " + allowed + " but it is " + outcome);
    count(outcome.tally());
    return outcome;
  }

  private static Outcome outcome(Runnable action, Set<Outcome> allowed) {
    try {
      action.run();
      return Outcome.DONE;
    } catch (RuntimeException e) {
      Outcome outcome = switch (e) {
        case LeaseTimeoutException timeout -> throw timeout;
        case LeaseConflictException conflict -> Outcome.CONFLICT;
        case OutOfDeviceMemoryException outOfMemory -> Outcome.OUT_OF_MEMORY;
        case IllegalArgumentException badArgument -> Outcome.OVERLAP;
        case IllegalStateException there -> Outcome.THERE;
        default -> throw e;
      };
      if (!allowed.contains(outcome)) {
        throw e;
      }
      return outcome;
    }
  }
}
