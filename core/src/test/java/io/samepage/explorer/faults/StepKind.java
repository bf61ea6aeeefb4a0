package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** What kind of step a move is: who, from which phase to which, and what it met there. */
final class StepKind {
  private final FaultMove move;
  private final String before;

  private StepKind(FaultMove move, String before) {
    this.move = move;
    this.before = before;
  }

  /** Looks at a state before a move. */
  static StepKind before(FaultWorld world, FaultMove move, FaultScenario scenario) {
    int who = move.who();
    String what = switch (move.kind()) {
      case HANDLER, STEP -> phase(world, who);
      case COMMAND -> command(world, who, scenario);
      case CARRY_OUT -> who == FaultWorld.HANDLER ? "handler's" : "thread's";
      case RETRY, SIGNAL -> world.accessWrite[who] == 0 ? "load" : "store";
      case STORE -> Entry.name(world.entry[move.what() / FaultWorld.PARTS]);
      case LOAD, RECLAIM -> Entry.name(world.entry[move.what()]);
      default -> "";
    };
    return new StepKind(move, what);
  }

  private static String phase(FaultWorld world, int who) {
    String found = switch (world.phaseOf(who)) {
      case TOUCH -> " " + Nibble.name(world.word[world.touched]);
      case RELEASE, WAKE -> " " + Nibble.name(world.from[who]);
      case SEEK, DOUBT, CONFIRM -> " flag " + world.flag;
      case NOTE -> dropsValidPages(world, who) ? " drops valid pages" : "";
      default -> "";
    };
    return world.phaseOf(who).name() + found;
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
    String kind = FaultCommand.isKernel(command) ? "kernel" : FaultCommand.isEdge(command) ? "edge" : "upload";
    return kind + (FaultWorld.has(scenario.immediate, device) ? " of an immediate device" : "");
  }

  /** The whole of it, once the move was taken. */
  String after(FaultWorld world) {
    String actor = move.kind() == FaultMove.Kind.HANDLER ? "H " : move.kind() == FaultMove.Kind.STEP ? "T " : move.kind().name() + " ";
    return switch (move.kind()) {
      case HANDLER, STEP -> actor + before + " > " + world.phaseOf(move.who()).name();
      case RETRY, STORE -> actor + before + (world.access[move.who()] == FaultWorld.NO_ACCESS ? " is done" : " faults");
      default -> actor + before;
    };
  }
}
