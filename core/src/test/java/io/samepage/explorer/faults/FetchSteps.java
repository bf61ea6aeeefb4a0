package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** fetch.c: what the handler and threads do to fill frames that they have claimed. */
final class FetchSteps {
  /** The window that was looked up without a claim was freed. */
  static final int DANGLING = 3;

  private final FaultScenario scenario;

  FetchSteps(FaultScenario scenario) {
    this.scenario = scenario;
  }

  private static int device(FaultWorld world, int actor) {
    return world.from[actor] - Nibble.DEV0;
  }

  boolean isImmediate(int device) {
    return FaultWorld.has(scenario.immediate, device);
  }

  /** The first step of a fetch. */
  Phase first(FaultWorld world, int actor) {
    return isImmediate(device(world, actor)) ? Phase.READ : Phase.PRODUCER;
  }

  /** Takes a step; when the frames are filled, goes on to another phase. */
  boolean take(FaultWorld world, int actor, Phase filled) {
    return switch (world.phaseOf(actor)) {
      case PRODUCER -> producer(world, actor, filled);
      case AWAIT_PRODUCER -> await(world, actor, behindProducers(world, actor, filled));
      case EDGE -> edge(world, actor);
      case AWAIT_EDGE -> await(world, actor, Phase.READ);
      case READ -> read(world, actor, filled);
      case AWAIT_READ -> awaitRead(world, actor, filled);
      default -> false;
    };
  }

  /** Where the kernel has written to the frames, there is nothing to be read. */
  private Phase behindProducers(FaultWorld world, int actor, Phase filled) {
    return scenario.shares(device(world, actor)) ? filled : Phase.EDGE;
  }

  private boolean producer(FaultWorld world, int actor, Phase filled) {
    int device = device(world, actor);
    checkWindow(world, actor, device);
    boolean waits = world.producer[device] != 0 && scenario.keeps(Rule.AWAITS_PRODUCERS);
    world.awaited[actor] = waits ? FaultCommand.countToKernel(world.queue[device], world.producer[device]) : 0;
    world.go(actor, waits ? Phase.AWAIT_PRODUCER : behindProducers(world, actor, filled));
    world.tell(actor, "producer", waits ? "is w" + world.producer[device] : "there is none");
    return true;
  }

  private void checkWindow(FaultWorld world, int actor, int device) {
    boolean isEarly = actor == FaultWorld.HANDLER && !scenario.keeps(Rule.LOOKS_UP_WINDOWS_UNDER_THE_CLAIM);
    if (isEarly ? world.early == DANGLING : !FaultWorld.has(world.published, device)) {
      world.violated("a fetch uses a window that is gone");
    }
  }

  private boolean edge(FaultWorld world, int actor) {
    int device = device(world, actor);
    boolean waits = FaultWorld.has(world.edges, device) && scenario.keeps(Rule.AWAITS_EDGES);
    world.awaited[actor] = waits ? FaultCommand.countToEdge(world.queue[device]) : 0;
    world.go(actor, waits ? Phase.AWAIT_EDGE : Phase.READ);
    world.tell(actor, "edge", waits ? "is waited for" : "there is none");
    return true;
  }

  private static boolean await(FaultWorld world, int actor, Phase next) {
    if (world.awaited[actor] != 0) {
      return false;
    }
    world.go(actor, next);
    world.tell(actor, "await", "is complete");
    return true;
  }

  private boolean read(FaultWorld world, int actor, Phase filled) {
    int device = device(world, actor);
    checkWindow(world, actor, device);
    world.reading[actor] = world.mine[actor];
    world.go(actor, Phase.AWAIT_READ);
    world.tell(actor, "read", "from dev" + device + " of " + FaultSpace.names(world.mine[actor]));
    if (isImmediate(device)) {
      copy(world, actor, device);
      world.go(actor, filled);
    }
    return true;
  }

  private static boolean awaitRead(FaultWorld world, int actor, Phase filled) {
    if (world.reading[actor] != 0) {
      return false;
    }
    world.go(actor, filled);
    world.tell(actor, "await", "read is complete");
    return true;
  }

  /** A device carries out the read that somebody has enqueued. */
  boolean carryOut(FaultWorld world, int actor) {
    if (world.reading[actor] == 0 || isImmediate(device(world, actor))) {
      return false;
    }
    int device = device(world, actor);
    world.tell("D" + device, "reads", FaultSpace.names(world.reading[actor]) + " for " + FaultSpace.actor(actor));
    copy(world, actor, device);
    return true;
  }

  private void copy(FaultWorld world, int actor, int device) {
    if (!FaultWorld.has(world.allocated, device)) {
      world.violated("a device reads a window that is gone");
    }
    for (int page = 0; page < scenario.pages; page++) {
      if (FaultWorld.has(world.reading[actor], page)) {
        if (world.isPresent(page)) {
          world.violated("a device reads into a frame that is mapped");
        }
        for (int part = 0; part < scenario.parts; part++) {
          int cell = FaultWorld.cell(page, part);
          world.frame[cell] = world.window[device * FaultWorld.CELLS + cell];
        }
      }
    }
    world.reading[actor] = 0;
  }

  /** What is waited for comes nearer by a command. */
  static void advance(FaultWorld world, int device) {
    world.queue[device] = Fifo.withoutHead(world.queue[device]);
    for (int actor = 0; actor < FaultWorld.ACTORS; actor++) {
      Phase phase = world.phaseOf(actor);
      boolean waits = phase == Phase.AWAIT_PRODUCER || phase == Phase.AWAIT_EDGE;
      if (waits && device(world, actor) == device && world.awaited[actor] > 0) {
        world.awaited[actor]--;
      }
    }
  }

  /** Whether somebody is in the middle of a fetch from a device. */
  static boolean isFetching(FaultWorld world, int device) {
    for (int actor = 0; actor < FaultWorld.ACTORS; actor++) {
      boolean isUnderWay = switch (world.phaseOf(actor)) {
        case AWAIT_PRODUCER, EDGE, AWAIT_EDGE, READ, AWAIT_READ -> true;
        default -> false;
      };
      if (isUnderWay && device(world, actor) == device) {
        return true;
      }
    }
    return false;
  }
}
