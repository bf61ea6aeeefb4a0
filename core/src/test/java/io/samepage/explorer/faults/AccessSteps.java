package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** Loads and stores of threads, and what the system does by itself. A load of a page that is present is no step: see the invariants. */
final class AccessSteps {
  private final FaultScenario scenario;

  AccessSteps(FaultScenario scenario) {
    this.scenario = scenario;
  }

  private static boolean mayBegin(FaultWorld world, int thread) {
    return world.phaseOf(thread) == Phase.IDLE && world.access[thread] == FaultWorld.NO_ACCESS && !world.safepoint && !world.isClosed;
  }

  boolean load(FaultWorld world, int thread, int page) {
    if (!mayBegin(world, thread) || world.isPresent(page) || !FaultWorld.has(scenario.loadable[thread], page)) {
      return false;
    }
    world.accessCell[thread] = FaultWorld.cell(page, 0);
    fault(world, thread, "load");
    return true;
  }

  boolean store(FaultWorld world, int thread, int cell) {
    if (!mayBegin(world, thread) || world.storesLeft[thread] == 0 || !FaultWorld.has(scenario.storable[thread], cell)) {
      return false;
    }
    world.storesLeft[thread]--;
    world.accessCell[thread] = cell;
    world.accessWrite[thread] = world.newWrite(world.known[thread], 1 << cell, false);
    if (world.isPresent(cell / FaultWorld.PARTS)) {
      complete(world, thread, "store");
    } else {
      fault(world, thread, "store");
    }
    return true;
  }

  /** A thread that was woken tries once more. */
  boolean retry(FaultWorld world, int thread) {
    if (world.access[thread] != FaultWorld.WOKEN) {
      return false;
    }
    if (world.isPresent(world.accessCell[thread] / FaultWorld.PARTS)) {
      complete(world, thread, "goes-on");
    } else {
      fault(world, thread, "again");
    }
    return true;
  }

  private static void fault(FaultWorld world, int thread, String how) {
    world.access[thread] = FaultWorld.WAITS;
    world.events = Fifo.add(world.events, thread + 1);
    if (world.isRecorded()) {
      world.tell(thread, how, describe(world, thread) + " faults");
    }
  }

  private static void complete(FaultWorld world, int thread, String how) {
    if (world.isRecorded()) {
      world.tell(thread, how, describe(world, thread));
    }
    int cell = world.accessCell[thread];
    int write = world.accessWrite[thread];
    if (write != 0) {
      world.entry[cell / FaultWorld.PARTS] = Entry.WRITTEN;
      world.frame[cell] = write;
      world.known[thread] |= 1 << write;
    }
    world.access[thread] = FaultWorld.NO_ACCESS;
    world.accessCell[thread] = 0;
    world.accessWrite[thread] = 0;
  }

  private static String describe(FaultWorld world, int thread) {
    int cell = world.accessCell[thread];
    int write = world.accessWrite[thread];
    return (write == 0 ? "load of " : "store of w" + write + " to ") + "p" + cell / FaultWorld.PARTS + "." + cell % FaultWorld.PARTS;
  }

  /** Threads meet: what each knows happens before what the other does next. */
  boolean synchronize(FaultWorld world, int thread) {
    int all = world.common | world.known[thread];
    boolean changes = all != world.common || all != world.known[thread];
    if (!scenario.synchronizes || !mayBegin(world, thread) || !changes) {
      return false;
    }
    world.common = all;
    world.known[thread] = all;
    world.tell(thread, "synchronizes", "");
    return true;
  }

  boolean signal(FaultWorld world, int thread) {
    if (world.signalsLeft == 0 || world.access[thread] != FaultWorld.WAITS) {
      return false;
    }
    world.signalsLeft--;
    world.access[thread] = FaultWorld.WOKEN;
    world.events = Fifo.without(world.events, thread + 1);
    world.tell(thread, "signal", "interrupts its fault");
    return true;
  }

  boolean reclaim(FaultWorld world, int page) {
    if (world.reclaimsLeft == 0 || !world.isPresent(page)) {
      return false;
    }
    world.reclaimsLeft--;
    world.entry[page] = Entry.unmapped(world.entry[page]);
    world.tell("S", "reclaim", "drops the entry of p" + page);
    return true;
  }

  /** Java code is stopped, until no thread is in an access. */
  boolean safepoint(FaultWorld world) {
    boolean isAccessing = world.access[0] != FaultWorld.NO_ACCESS || world.access[1] != FaultWorld.NO_ACCESS;
    boolean isIdle = world.phaseOf(0) == Phase.IDLE && world.phaseOf(1) == Phase.IDLE;
    if (!scenario.safepoints || (world.safepoint ? isAccessing : !isAccessing && isIdle)) {
      return false;
    }
    world.safepoint = !world.safepoint;
    world.tell("S", "safepoint", world.safepoint ? "is requested" : "is over");
    return true;
  }
}
