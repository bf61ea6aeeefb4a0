package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One way through a scenario, by chance, to rest, that a replay can follow: pages of one system call are done one right after the other,
 * and a woken thread goes on at once, for nobody can hold it.
 */
final class Walk {
  private static final int STEPS_MAX = 400;
  private static final int STEPS_ENOUGH = 30;

  private final FaultScenario scenario;
  private final FaultSpace space;
  private final Random random;
  private final FaultWorld world;
  private final List<String> lines = new ArrayList<>();
  private final Set<StepKind> kinds = new LinkedHashSet<>();
  /** Threads load only where nothing else can happen. */
  private final boolean isShy;
  private int steps;
  /** Who is in the middle of a system call, −1 if nobody. */
  private int calling = -1;

  private Walk(FaultScenario scenario, Random random) {
    this.scenario = scenario;
    this.random = random;
    isShy = random.nextBoolean();
    space = new FaultSpace(scenario);
    world = space.starts().getFirst();
  }

  /** A walk; null if this one can't be replayed, as two threads are woken at once who may go on in either order. */
  static Walk take(FaultScenario scenario, Random random) {
    Walk walk = new Walk(scenario, random);
    walk.begin();
    return walk.goToRest() ? walk : null;
  }

  List<String> lines() {
    return lines;
  }

  /** The kinds of steps that it has. */
  Set<StepKind> kinds() {
    return kinds;
  }

  private void begin() {
    lines.add("trace 0 %d %d %d %d %d %d".formatted(scenario.pages, scenario.parts, scenario.immediate, scenario.shared,
        Nibble.isDevice(scenario.startNibble) ? 1 : 0, scenario.kernels.size()));
    scenario.kernels.forEach(kernel -> lines.add("kernel %d %d %d %d".formatted(kernel.device(), kernel.reads(), kernel.declares(),
        kernel.writes())));
    tellState();
  }

  private boolean goToRest() {
    while (!isEnough()) {
      if (isAmbiguous() || steps > STEPS_MAX) {
        return false;
      }
      if (!step()) {
        break;
      }
    }
    if (!space.isOver(world)) {
      throw new IllegalStateException("A walk ends before rest: scenario=" + scenario + ", lines=" + lines);
    }
    lines.add("end");
    return true;
  }

  private boolean isEnough() {
    return steps > STEPS_ENOUGH && space.isOver(world) && random.nextInt(8) == 0;
  }

  /** Takes any move that can be taken; false if there is none. */
  private boolean step() {
    return isShy ? stepAmong(move -> move.kind() != FaultMove.Kind.LOAD) || stepAmong(move -> move.kind() == FaultMove.Kind.LOAD)
        : stepAmong(move -> true);
  }

  /** Tries moves in any order. */
  private boolean stepAmong(Predicate<FaultMove> isMeant) {
    List<FaultMove> left = new ArrayList<>();
    for (FaultMove move : space.moves()) {
      if (isMeant.test(move) && mayFollow(move)) {
        left.add(move);
      }
    }
    while (!left.isEmpty()) {
      Collections.swap(left, random.nextInt(left.size()), left.size() - 1);
      if (tryStep(left.removeLast())) {
        return true;
      }
    }
    return false;
  }

  private boolean mayFollow(FaultMove move) {
    if (calling >= 0) {
      return isStepOf(move, calling);
    }
    boolean isHeld = move.kind() != FaultMove.Kind.SYNCHRONIZE && move.kind() != FaultMove.Kind.SAFEPOINT;
    return woken() == 0 ? isHeld : move.kind() == FaultMove.Kind.RETRY;
  }

  private static boolean isStepOf(FaultMove move, int actor) {
    return actor == FaultWorld.HANDLER ? move.kind() == FaultMove.Kind.HANDLER
        : move.kind() == FaultMove.Kind.STEP && move.who() == actor;
  }

  private int woken() {
    return (world.access[0] == FaultWorld.WOKEN ? 1 : 0) + (world.access[1] == FaultWorld.WOKEN ? 1 : 0);
  }

  private boolean isAmbiguous() {
    if (calling >= 0 || woken() < 2) {
      return false;
    }
    boolean sameCell = world.accessCell[0] == world.accessCell[1] && (world.accessWrite[0] | world.accessWrite[1]) != 0;
    return sameCell || !isAtPresentPage(0) || !isAtPresentPage(1);
  }

  private boolean isAtPresentPage(int thread) {
    return world.isPresent(world.accessCell[thread] / FaultWorld.PARTS);
  }

  private boolean tryStep(FaultMove move) {
    boolean continues = calling >= 0;
    StepKind kind = StepKind.before(world, move, scenario);
    String act = act(move);
    int loaded = loaded(move);
    if (!space.take(move, world)) {
      return false;
    }
    String broken = world.violation() != null ? world.violation() : space.broken(world);
    if (broken != null) {
      throw new IllegalStateException("A walk finds what exploring did not: " + broken + ", scenario=" + scenario);
    }
    steps++;
    kinds.add(kind.after(world, move.who()));
    calling = isInCall(move) ? move.who() : -1;
    if (!continues) {
      tellStep(move, act, loaded);
    }
    if (calling < 0 && woken() == 0) {
      tellState();
    }
    return true;
  }

  /** Whether the system call has more pages to do. */
  private boolean isInCall(FaultMove move) {
    if (move.kind() != FaultMove.Kind.HANDLER && move.kind() != FaultMove.Kind.STEP) {
      return false;
    }
    return switch (world.phaseOf(move.who())) {
      case MAP, LOOK, SCAN, MAPPED_SCAN, UNMAP_SCAN, UNMAP_UNMAP, WITHDRAW_UNMAP, CLOSE_UNMAP -> world.at[move.who()] != 0;
      default -> false;
    };
  }

  private String act(FaultMove move) {
    return switch (move.kind()) {
      case HANDLER -> world.phaseOf(move.who()) == Phase.IDLE ? "next" : world.phaseOf(move.who()).point();
      case STEP -> world.phaseOf(move.who()).point();
      case RETRY -> isAtPresentPage(move.who()) ? "goes-on" : "again";
      case CARRY_OUT -> "reads";
      default -> move.kind().toString();
    };
  }

  /** What a load that goes on now loads, −1 if it is none. */
  private int loaded(FaultMove move) {
    boolean isLoad = move.kind() == FaultMove.Kind.RETRY && world.accessWrite[move.who()] == 0 && !world.isClosed;
    return isLoad ? world.frame[world.accessCell[move.who()]] : -1;
  }

  private void tellStep(FaultMove move, String act, int loaded) {
    int who = move.who();
    int first = switch (move.kind()) {
      case RETRY -> loaded;
      case STEP -> act.equals(Phase.ENQUEUE.point()) ? world.number[who] : 0;
      default -> move.what();
    };
    lines.add("step " + act + " " + who + " " + first + " " + (move.kind() == FaultMove.Kind.STORE ? world.writes : 0));
    if (move.kind() == FaultMove.Kind.STORE && world.access[who] == FaultWorld.NO_ACCESS) {
      lines.add("step goes-on " + who + " -1 0");
    }
  }

  /** What can be seen while nobody runs, as replay_test.c reads it. */
  private void tellState() {
    StringBuilder text = new StringBuilder("state");
    int waiting = (world.access[0] == FaultWorld.WAITS ? 1 : 0) + (world.access[1] == FaultWorld.WAITS ? 1 : 0);
    add(text, waiting, Fifo.length(world.events));
    add(text, world.word);
    add(text, world.flag, world.hostHolds);
    add(text, world.deviceHolds);
    add(text, world.entry);
    for (int place = 0; place < world.window.length; place++) {
      add(text, exists(place % FaultWorld.CELLS) ? world.window[place] : FaultWorld.GARBAGE);
    }
    if (!world.isClosed) {
      text.append(" f");
      for (int cell = 0; cell < FaultWorld.CELLS; cell++) {
        add(text, exists(cell) ? world.frame[cell] : 0);
      }
    }
    lines.add(text.toString());
  }

  private boolean exists(int cell) {
    return cell / FaultWorld.PARTS < scenario.pages && cell % FaultWorld.PARTS < scenario.parts;
  }

  private static void add(StringBuilder text, int... values) {
    for (int value : values) {
      text.append(' ').append(value);
    }
  }
}
