package io.samepage.coherence.launch;

import io.samepage.BrokenPromiseException;
import io.samepage.Fence;
import io.samepage.coherence.state.Arrivals;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.transfer.Preparation;
import io.samepage.coherence.transfer.Updates;
import java.util.ArrayList;
import java.util.List;

/**
 * Launches the parts of a split launch. All claims and windows are held before anything moves, and everything has been brought, or is ready
 * to be uploaded, before the first kernel is enqueued.
 *
 * <p>Pages that all parts read are prepared for one after the other, while all of them claim them. So what the host has done is entered for
 * all parts before the first is planned: else what is found written for a later part would take away what an earlier one has found.
 */
final class SplitLaunch {
  private final MemoryContext memory;
  private final Updates updates;
  private final List<PlannedLaunch> parts;
  /** Those that are in their queues, in the order of the parts. */
  private final List<InFlightLaunch> launches = new ArrayList<>();
  private BrokenPromiseException broken;

  /** A launch of parts, each on a device of its own, none of which conflicts with another. */
  SplitLaunch(MemoryContext memory, Updates updates, List<PlannedLaunch> parts) {
    this.memory = memory;
    this.updates = updates;
    this.parts = parts;
  }

  Fence start() {
    JointAcquisition.hold(parts, memory.leases(), memory.leaseTimeout());
    try {
      submit(bring());
    } catch (RuntimeException | Error e) {
      memory.leases().giveUp(parts.stream().skip(launches.size()).map(PlannedLaunch::request).toList());
      throw e;
    }
    if (broken != null) {
      throw broken;
    }
    for (int i = 0; i < parts.size(); i++) {
      updates.after(parts.get(i).request(), launches.get(i));
    }
    return Fence.all(launches);
  }

  private List<Arrivals> bring() {
    List<Preparation> preparations = parts.stream().map(part -> new Preparation(part.request(), memory.coherentDevices())).toList();
    preparations.forEach(Preparation::reconcile);
    List<Arrivals> arrivals = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      arrivals.add(preparations.get(i).bringReconciled(parts.get(i).device()));
    }
    return arrivals;
  }

  private void submit(List<Arrivals> arrivals) {
    if (memory.settings().checksLaunches()) {
      for (int i = 0; i < parts.size(); i++) {
        submitChecked(parts.get(i), arrivals.get(i));
      }
      return;
    }
    try {
      for (int i = 0; i < parts.size(); i++) {
        PlannedLaunch part = parts.get(i);
        Arrivals its = arrivals.get(i);
        launches.add(part.device().whileOpen(() -> part.kernel().enqueue(part, its)));
      }
    } finally {
      // Behind all of them, as it may wait for a kernel: see InFlightLaunch.enter().
      launches.forEach(InFlightLaunch::enter);
    }
  }

  private void submitChecked(PlannedLaunch part, Arrivals its) {
    CoherentKernel.Submitted submitted = part.device().whileOpen(() -> part.kernel().submitChecked(part, its));
    launches.add(submitted.launch());
    if (broken == null) {
      broken = submitted.broken();
    } else if (submitted.broken() != null) {
      broken.addSuppressed(submitted.broken());
    }
  }
}
