package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** Who may start: LeaseRules and LeaseTable for launches, Eviction.tryClaim for evictions. */
final class HeldClaims {
  private final FaultScenario scenario;

  HeldClaims(FaultScenario scenario) {
    this.scenario = scenario;
  }

  boolean mayLaunch(FaultWorld world, int thread, FaultKernel kernel) {
    int pages = scenario.pagesOf(kernel.cells());
    for (int other = 0; other < FaultWorld.THREADS; other++) {
      boolean bars = switch (world.act[other]) {
        case FaultWorld.LAUNCHES -> barsLaunch(scenario.kernels.get(world.kernel[other]), kernel, pages);
        case FaultWorld.EVICTS, FaultWorld.CLOSES -> true;
        case FaultWorld.DISCARDS -> scenario.keeps(Rule.DISCARDS_ALONE) && (scenario.discarded & pages) != 0;
        default -> false;
      };
      if (other != thread && bars) {
        return false;
      }
    }
    return !isInFlight(world, held -> conflict(held, kernel));
  }

  /** It is the host that writes whole pages; claims of launches are held until edges were sent, too. */
  boolean mayDiscard(FaultWorld world, int thread, int pages) {
    int other = 1 - thread;
    boolean bars = switch (world.act[other]) {
      case FaultWorld.LAUNCHES -> scenario.keeps(Rule.DISCARDS_ALONE)
          && (scenario.pagesOf(scenario.kernels.get(world.kernel[other]).cells()) & pages) != 0;
      case FaultWorld.EVICTS, FaultWorld.CLOSES, FaultWorld.DISCARDS -> true;
      default -> false;
    };
    return !bars && !isInFlight(world, held -> (scenario.pagesOf(held.cells()) & pages) != 0) && !isSendingEdges(world, pages);
  }

  private static boolean isSendingEdges(FaultWorld world, int pages) {
    for (long queue : world.queue) {
      for (long rest = queue; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
        if (FaultCommand.isEdge(Fifo.head(rest)) && FaultWorld.has(pages, FaultCommand.page(Fifo.head(rest)))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean barsLaunch(FaultKernel held, FaultKernel kernel, int pages) {
    boolean isPreparedAlone = scenario.keeps(Rule.PREPARES_ALONE) && (scenario.pagesOf(held.cells()) & pages) != 0;
    return isPreparedAlone || conflict(held, kernel);
  }

  /** One writes, and they share a cell, or a page on different devices. */
  private boolean conflict(FaultKernel one, FaultKernel other) {
    if (one.device() == other.device()) {
      return (one.declares() & other.cells() | other.declares() & one.cells()) != 0;
    }
    return (scenario.pagesOf(one.declares()) & scenario.pagesOf(other.cells())
        | scenario.pagesOf(other.declares()) & scenario.pagesOf(one.cells())) != 0;
  }

  /** Nobody prepares anything, and nothing is in flight on the device. */
  boolean mayEvict(FaultWorld world, int thread, int device) {
    return world.act[1 - thread] == 0 && !isInFlight(world, held -> held.device() == device);
  }

  boolean mayClose(FaultWorld world, int thread) {
    return world.act[1 - thread] == 0 && !isInFlight(world, held -> true);
  }

  private interface KernelTest {
    boolean test(FaultKernel held);
  }

  private boolean isInFlight(FaultWorld world, KernelTest test) {
    if (!scenario.keeps(Rule.HOLDS_CLAIMS_IN_FLIGHT)) {
      return false;
    }
    for (long queue : world.queue) {
      for (long rest = queue; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
        int command = Fifo.head(rest);
        if (FaultCommand.isKernel(command) && test.test(scenario.kernels.get(FaultCommand.index(command)))) {
          return true;
        }
      }
    }
    return false;
  }
}
