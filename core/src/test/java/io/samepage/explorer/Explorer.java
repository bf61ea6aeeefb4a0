package io.samepage.explorer;

import io.samepage.explorer.engine.Exploration;
import io.samepage.explorer.engine.Search;
import io.samepage.explorer.engine.StateSpace;
import java.util.List;

/**
 * A scenario under rules, as a world that can be explored. No step can be taken for ever, as each uses up an instruction, a command or a
 * launch: where every state that is not the end has a next one, every way ends with all threads done.
 */
final class Explorer implements StateSpace<World, Move> {
  private final Model model;
  private final List<Move> moves;
  private final Stepper stepper;
  private final Invariants invariants;

  private Explorer(Scenario scenario, Rules rules) {
    model = new Model(scenario, rules);
    moves = Move.all(model);
    stepper = new Stepper(model);
    invariants = new Invariants(model);
  }

  /** Explores a scenario to the end or to the first violation. */
  static Exploration explore(Scenario scenario, Rules rules) {
    return Search.explore(new Explorer(scenario, rules));
  }

  @Override
  public String name() {
    return model.scenario().name();
  }

  @Override
  public int packedWords() {
    return World.PACKED_WORDS;
  }

  @Override
  public World newState() {
    return model.newWorld(model.scenario().starts().getFirst());
  }

  @Override
  public List<World> starts() {
    return model.scenario().starts().stream().map(model::newWorld).toList();
  }

  @Override
  public List<Move> moves() {
    return moves;
  }

  @Override
  public boolean take(Move move, World world) {
    return stepper.take(move, world);
  }

  @Override
  public String broken(World world) {
    return invariants.broken(world);
  }

  @Override
  public boolean isOver(World world) {
    return model.isOver(world);
  }

  @Override
  public boolean canRepeat() {
    return false;
  }

  @Override
  public String describe(World world) {
    return Directories.describe(world.directory);
  }
}
