package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/**
 * What kind of step a move is. Exploring asks this of millions of moves, so the texts are all there before.
 *
 * @param move what moves
 * @param phase from which phase, null where there is none
 * @param met what the step met there
 * @param outcome the phase that it led to, or whether an access was done; null before the move was taken
 */
record StepKind(FaultMove.Kind move, Phase phase, String met, Object outcome) {
  private static final String[] FLAGS = {"flag clear", "flag set", "flag doubted"};

  /** Looks at a state before a move. */
  static StepKind before(FaultWorld world, FaultMove move, FaultScenario scenario) {
    int who = move.who();
    return switch (move.kind()) {
      case HANDLER, STEP -> new StepKind(move.kind(), world.phaseOf(who), metInPhase(world, who), null);
      case COMMAND -> met(move, command(world, who, scenario));
      case CARRY_OUT -> met(move, who == FaultWorld.HANDLER ? "handler's" : "thread's");
      case RETRY, SIGNAL -> met(move, world.accessWrite[who] == 0 ? "load" : "store");
      case STORE -> met(move, Entry.name(world.entry[move.what() / FaultWorld.PARTS]));
      case LOAD, RECLAIM -> met(move, Entry.name(world.entry[move.what()]));
      default -> met(move, "");
    };
  }

  private static StepKind met(FaultMove move, String met) {
    return new StepKind(move.kind(), null, met, null);
  }

  private static String metInPhase(FaultWorld world, int who) {
    return switch (world.phaseOf(who)) {
      case TOUCH -> Nibble.name(world.word[world.touched]);
      case RELEASE, WAKE -> Nibble.name(world.from[who]);
      case SEEK, DOUBT, CONFIRM -> FLAGS[world.flag];
      case NOTE -> dropsValidPages(world, who) ? "drops valid pages" : "";
      default -> "";
    };
  }

  /** Found written, but unmapped since then: the frame is valid, and as the device knows it. */
  private static boolean dropsValidPages(FaultWorld world, int thread) {
    boolean drops = false;
    for (int page = 0; page < FaultWorld.PAGES; page++) {
      drops |= FaultWorld.has(world.noted[thread], page) && world.word[page] == Nibble.HOSTU;
    }
    return drops;
  }

  private static String command(FaultWorld world, int device, FaultScenario scenario) {
    int command = world.queue[device] == Fifo.EMPTY ? 0 : Fifo.head(world.queue[device]);
    boolean isImmediate = FaultWorld.has(scenario.immediate, device);
    if (FaultCommand.isKernel(command)) {
      return isImmediate ? "kernel of an immediate device" : scenario.shares(device) ? "kernel in place" : "kernel";
    }
    if (FaultCommand.isEdge(command)) {
      return isImmediate ? "edge of an immediate device" : "edge";
    }
    return isImmediate ? "upload of an immediate device" : "upload";
  }

  /** The whole of it, once the move was taken. */
  StepKind after(FaultWorld world, int who) {
    return switch (move) {
      case HANDLER, STEP -> new StepKind(move, phase, met, world.phaseOf(who));
      case RETRY, STORE -> new StepKind(move, phase, met, world.access[who] == FaultWorld.NO_ACCESS ? "done" : "faults");
      default -> this;
    };
  }
}
