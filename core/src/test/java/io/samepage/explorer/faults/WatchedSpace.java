package io.samepage.explorer.faults;

import java.util.Set;

/** A scenario that notes the kinds of steps that are taken. */
final class WatchedSpace extends FaultSpace {
  private final FaultScenario scenario;
  private final Set<StepKind> kinds;

  WatchedSpace(FaultScenario scenario, Set<StepKind> kinds) {
    super(scenario);
    this.scenario = scenario;
    this.kinds = kinds;
  }

  @Override
  public boolean take(FaultMove move, FaultWorld world) {
    StepKind kind = StepKind.before(world, move, scenario);
    boolean isTaken = super.take(move, world);
    if (isTaken) {
      kinds.add(kind.after(world, move.who()));
    }
    return isTaken;
  }
}
