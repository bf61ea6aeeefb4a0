package io.samepage.explorer;

import io.samepage.explorer.Scenario.Instruction;

/** The steps of threads, told apart by {@link Phase}. A step answers false, and has changed nothing, if it can't be taken now. */
final class ThreadSteps {
  private final Model model;
  private final FetchSteps fetching;
  private final EvictionSteps eviction;
  private final LaunchSteps launching;
  private final DiscardSteps discarding;
  private final BehindSteps behind;

  ThreadSteps(Model model) {
    this.model = model;
    fetching = new FetchSteps(model);
    eviction = new EvictionSteps(model);
    launching = new LaunchSteps(model);
    discarding = new DiscardSteps(model);
    behind = new BehindSteps(model, launching);
  }

  /** A thread's next step. */
  boolean take(World world, int thread) {
    Instruction instruction = model.instruction(world, thread);
    if (instruction == null) {
      return false;
    }
    Operation operation = instruction.operation();
    boolean isEviction = operation.kind() == Act.Kind.EVICTION;
    return switch (Phase.of(world.phase[thread])) {
      case HOLD -> hold(world, operation);
      case HOLD_BEHIND_NONE -> model.claims().hold(world, operation);
      case HOLD_BEHIND -> model.claims().holdBehind(world, operation);
      case PLAN -> plan(world, operation);
      case COPY_FROM_1 -> fetching.copyFrom(world, operation, Small.DEV1);
      case COPY_FROM_2 -> fetching.copyFrom(world, operation, Small.DEV2);
      case COPY_BEHIND_1 -> behind.copy(world, operation, Small.DEV1);
      case ENTER_COPY_1 -> behind.enter(world, operation, Small.DEV1);
      case COPY_BEHIND_2 -> behind.copy(world, operation, Small.DEV2);
      case ENTER_COPY_2 -> behind.enter(world, operation, Small.DEV2);
      case AWAIT_BEHIND -> behind.await(world, operation);
      case ENTER_COPIES -> isEviction ? eviction.enterCopies(world, operation) : fetching.enterCopies(world, operation);
      case ENQUEUE -> operation.kind() == Act.Kind.LAUNCH ? launching.enqueue(world, operation) : fetching.enqueue(world, operation);
      case SETTLE -> launching.settle(world, operation);
      case ENTER_ARRIVALS -> fetching.enterArrivals(world, operation);
      case ENTER_LAUNCH -> launching.enterByThread(world, operation);
      case PREPARE -> prepare(world, operation);
      case USE -> use(world, operation);
      case CLOSE -> close(world, operation);
      case CLOSE_LATE -> closeLate(world, operation);
      case GIVE_BACK -> eviction.giveBack(world, operation);
      case ENTER_DISCARD -> discarding.enter(world, operation);
      case UNCLAIM -> eviction.unclaim(world, operation);
    };
  }

  private boolean hold(World world, Operation operation) {
    return switch (operation.kind()) {
      case EVICTION -> model.claims().holdToEvict(world, operation);
      case DISCARD -> discarding.hold(world, operation);
      case HOST_LEASE -> model.scenario().follows() ? model.claims().ask(world, operation) : model.claims().hold(world, operation);
      default -> model.claims().hold(world, operation);
    };
  }

  private boolean plan(World world, Operation operation) {
    return switch (operation.kind()) {
      case EVICTION -> eviction.plan(world, operation);
      case DISCARD -> discarding.dropFrames(world, operation);
      default -> fetching.plan(world, operation);
    };
  }

  /** A thread's next step, if it is one that can fail, fails. */
  boolean fail(World world, int thread) {
    Instruction instruction = model.instruction(world, thread);
    if (instruction == null || world.failuresLeft == 0) {
      return false;
    }
    return switch (Phase.of(world.phase[thread])) {
      case ENQUEUE -> instruction.operation().kind() == Act.Kind.LAUNCH && launching.refuse(world, instruction.operation());
      case COPY_BEHIND_1, COPY_BEHIND_2 -> behind.refuse(world, instruction.operation());
      default -> false;
    };
  }

  /** A thread stops waiting for what its lease comes behind. */
  boolean giveUp(World world, int thread) {
    Instruction instruction = model.instruction(world, thread);
    return instruction != null && Phase.of(world.phase[thread]) == Phase.AWAIT_BEHIND && behind.giveUp(world, instruction.operation());
  }

  private boolean prepare(World world, Operation operation) {
    world.preparing &= ~operation.bit();
    world.tell(operation, "is prepared and open");
    model.advance(world, operation.thread());
    return true;
  }

  private boolean use(World world, Operation operation) {
    int old = world.staleCells(operation.node()) & operation.readCells();
    if (old != 0) {
      world.violated(operation + " reads old bytes of " + Small.nameCells(old));
    }
    if (operation.writtenCells() != 0) {
      world.write(operation.node(), operation.writtenCells());
    }
    world.tell(operation, operation.writtenCells() == 0 ? "reads" : operation.readCells() == 0 ? "writes" : "reads and writes");
    model.go(world, operation, Phase.CLOSE);
    return true;
  }

  private boolean close(World world, Operation operation) {
    if (model.rules().take(Care.CLOSES_AT_ONCE)) {
      enterWrites(world, operation);
      world.tell(operation, "closes");
      model.giveUp(world, operation);
    } else {
      world.tell(operation, "drops its claim");
      model.drop(world, operation);
      model.go(world, operation, Phase.CLOSE_LATE);
    }
    return true;
  }

  private void enterWrites(World world, Operation lease) {
    int pages = lease.writtenPages();
    if (lease.kind() == Act.Kind.DEVICE_LEASE && model.rules().take(Care.KEEPS_POISON_OF_PARTS)) {
      pages &= world.heldPages(lease.node()) | lease.overwrittenPages();
    }
    model.wrote(world, lease.node(), pages);
  }

  private boolean closeLate(World world, Operation operation) {
    enterWrites(world, operation);
    world.tell(operation, "enters what it has written");
    model.advance(world, operation.thread());
    return true;
  }
}
