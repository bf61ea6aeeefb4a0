package io.samepage.explorer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Tells how a state was reached, by going there once more. */
final class Trace {
  static final String STUCK = "nobody can go on, and not all is done";
  private static final int DIRECTORY_COLUMN = 100;

  private final Model model;
  private final List<Move> moves;
  private final Stepper stepper;
  private final List<String> lines = new ArrayList<>();

  Trace(Model model, List<Move> moves, Stepper stepper) {
    this.model = model;
    this.moves = moves;
    this.stepper = stepper;
  }

  /** The way to a state, and the move from there that violates something, if it is a move that does. */
  List<String> to(StateStore store, int last, String violation) {
    List<long[]> way = new ArrayList<>();
    for (int index = last; index >= 0; index = store.parent(index)) {
      long[] state = new long[World.PACKED_WORDS];
      store.get(index, state);
      way.addFirst(state);
    }
    World world = new World();
    world.unpack(way.getFirst());
    lines.add("  0. start" + " ".repeat(DIRECTORY_COLUMN - 10) + Directories.describe(world.directory));
    for (int i = 1; i < way.size(); i++) {
      long[] next = way.get(i);
      tell(way.get(i - 1), moved -> Arrays.equals(packed(moved), next));
    }
    if (!violation.equals(STUCK)) {
      Invariants invariants = new Invariants(model);
      tell(way.getLast(), moved -> violation.equals(moved.violation) || violation.equals(invariants.broken(moved)));
    }
    lines.add("  => " + violation);
    return lines;
  }

  private static long[] packed(World world) {
    long[] packed = new long[World.PACKED_WORDS];
    world.pack(packed);
    return packed;
  }

  /** Tells of the move that leads from a state to one that is looked for. */
  private void tell(long[] from, Predicate<World> isWanted) {
    for (Move move : moves) {
      World world = new World();
      world.unpack(from);
      world.journal = new ArrayList<>();
      if (stepper.take(move, world) && isWanted.test(world)) {
        String step = "%3d. %s".formatted(lines.size(), String.join("; ", world.journal));
        lines.add(step + " ".repeat(Math.max(1, DIRECTORY_COLUMN - step.length())) + Directories.describe(world.directory));
        return;
      }
    }
    throw new IllegalStateException("No move leads on from step=" + (lines.size() - 1));
  }
}
