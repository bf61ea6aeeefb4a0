package io.samepage.explorer;

import java.util.List;

/**
 * Visits every state that a scenario can reach, nearest first, so the first violation it finds is one of those with the fewest steps.
 * No step can be taken for ever, as each uses up an instruction, a command or a launch: where every state that is not the end has a
 * next one, every way ends with all threads done.
 */
final class Explorer {
  private final Model model;
  private final List<Move> moves;
  private final Stepper stepper;
  private final Invariants invariants;
  private final StateStore store = new StateStore(World.PACKED_WORDS);
  private final World world;
  private final long[] from = new long[World.PACKED_WORDS];
  private final long[] to = new long[World.PACKED_WORDS];
  private long steps;
  private int depth;

  private Explorer(Scenario scenario, Rules rules) {
    model = new Model(scenario, rules);
    moves = Move.all(model);
    stepper = new Stepper(model);
    invariants = new Invariants(model);
    world = model.newWorld(scenario.starts().getFirst());
  }

  /** Explores a scenario to the end or to the first violation. */
  static Exploration explore(Scenario scenario, Rules rules) {
    return new Explorer(scenario, rules).explore();
  }

  private Exploration explore() {
    for (Start start : model.scenario().starts()) {
      model.newWorld(start).pack(to);
      store.add(to, -1);
    }
    int levelEnd = store.size();
    for (int index = 0; index < store.size(); index++) {
      if (index == levelEnd) {
        depth++;
        levelEnd = store.size();
      }
      String violation = expand(index);
      if (violation != null) {
        return result(new Trace(model, moves, stepper).to(store, index, violation));
      }
    }
    return result(List.of());
  }

  private Exploration result(List<String> trace) {
    return new Exploration(model.scenario(), store.size(), steps, depth, trace);
  }

  /** Takes all moves from a state; answers what is violated by one, or null. */
  private String expand(int index) {
    store.get(index, from);
    boolean isStuck = true;
    for (Move move : moves) {
      world.unpack(from);
      if (stepper.take(move, world)) {
        isStuck = false;
        steps++;
        world.pack(to);
        String violation = world.violation != null ? world.violation : store.add(to, index) ? invariants.broken(world) : null;
        if (violation != null) {
          return violation;
        }
      }
    }
    return isStuck && !model.isOver(world) ? Trace.STUCK : null;
  }
}
