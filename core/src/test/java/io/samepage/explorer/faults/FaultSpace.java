package io.samepage.explorer.faults;

import io.samepage.explorer.engine.StateSpace;
import java.util.Arrays;
import java.util.List;

/** A scenario, as a world that can be explored. */
class FaultSpace implements StateSpace<FaultWorld, FaultMove> {
  private final FaultScenario scenario;
  private final List<FaultMove> moves;
  private final FaultInvariants invariants;
  private final AccessSteps accesses;
  private final FetchSteps fetching;
  private final HandlerSteps handler;
  private final FaultDevices devices;
  private final ScanSteps scanning;
  private final LaunchSteps launches;
  private final WithdrawalSteps withdrawing;
  private final EndSteps ending;
  private final ZeroingSteps zeroing;

  FaultSpace(FaultScenario scenario) {
    this.scenario = scenario;
    moves = FaultMove.all(scenario);
    invariants = new FaultInvariants(scenario);
    accesses = new AccessSteps(scenario);
    fetching = new FetchSteps(scenario);
    handler = new HandlerSteps(scenario, fetching);
    devices = new FaultDevices(scenario);
    scanning = new ScanSteps(scenario);
    HeldClaims claims = new HeldClaims(scenario);
    launches = new LaunchSteps(scenario, claims, fetching);
    withdrawing = new WithdrawalSteps(scenario, launches, fetching);
    ending = new EndSteps(scenario, claims, launches);
    zeroing = new ZeroingSteps(scenario, claims, launches);
  }

  @Override
  public String name() {
    return scenario.name;
  }

  @Override
  public int packedWords() {
    return FaultWorld.PACKED_WORDS;
  }

  @Override
  public FaultWorld newState() {
    return new FaultWorld();
  }

  @Override
  public List<FaultWorld> starts() {
    FaultWorld world = new FaultWorld();
    boolean onDevice = Nibble.isDevice(scenario.startNibble);
    int all = scenario.allPages();
    world.setWords(all, scenario.startNibble);
    Arrays.fill(world.entry, 0, scenario.pages, Entry.MARKER);
    Arrays.fill(world.window, FaultWorld.GARBAGE);
    if (onDevice) {
      Arrays.fill(world.frame, FaultWorld.GARBAGE);
      Arrays.fill(world.window, 0, FaultWorld.CELLS, 0);
      world.deviceHolds[0] = all;
      world.allocated = world.published = 1;
    } else {
      world.hostHolds = all;
    }
    System.arraycopy(scenario.launches, 0, world.launchesLeft, 0, FaultWorld.THREADS);
    System.arraycopy(scenario.stores, 0, world.storesLeft, 0, FaultWorld.THREADS);
    System.arraycopy(scenario.evictions, 0, world.evictionsLeft, 0, FaultWorld.THREADS);
    System.arraycopy(scenario.discards, 0, world.discardsLeft, 0, FaultWorld.THREADS);
    world.mayClose = scenario.closer >= 0;
    world.reclaimsLeft = scenario.reclaims;
    world.signalsLeft = scenario.signals;
    return List.of(world);
  }

  @Override
  public List<FaultMove> moves() {
    return moves;
  }

  @Override
  public boolean take(FaultMove move, FaultWorld world) {
    int who = move.who();
    return switch (move.kind()) {
      case RETRY -> accesses.retry(world, who);
      case HANDLER -> handler.take(world);
      case COMMAND -> devices.run(world, who);
      case CARRY_OUT -> fetching.carryOut(world, who);
      case STEP -> step(world, who);
      case UNMAPPING -> scanning.seekToUnmap(world, who);
      case LOAD -> accesses.load(world, who, move.what());
      case STORE -> accesses.store(world, who, move.what());
      case LAUNCH -> launches.start(world, who, move.what());
      case EVICT -> ending.evict(world, who, move.what());
      case DISCARD -> zeroing.start(world, who);
      case CLOSE -> ending.close(world, who);
      case SYNCHRONIZE -> accesses.synchronize(world, who);
      case SIGNAL -> accesses.signal(world, who);
      case RECLAIM -> accesses.reclaim(world, move.what());
      case SAFEPOINT -> accesses.safepoint(world);
    };
  }

  /** A thread goes on with its act, if it is in one and not stopped. */
  private boolean step(FaultWorld world, int thread) {
    Phase phase = world.phaseOf(thread);
    if (phase == Phase.IDLE || world.safepoint && isJava(phase)) {
      return false;
    }
    return switch (phase) {
      case SEEK -> scanning.seek(world, thread);
      case LOOK -> scanning.look(world, thread);
      case SCAN -> ScanSteps.scan(world, thread);
      case NOTE -> scanning.note(world, thread);
      case MAPPED_TAKE -> ScanSteps.mappedTake(world, thread);
      case MAPPED_SCAN -> scanning.mappedScan(world, thread);
      case UNMAP_TAKE -> scanning.unmapTake(world, thread);
      case UNMAP_UNMAP -> scanning.unmap(world, thread);
      case UNMAP_SCAN -> scanning.unmapScan(world, thread);
      case UNMAP_NOTE -> ScanSteps.unmapNote(world, thread);
      case PLAN -> launches.plan(world, thread);
      case HOME_TAKE -> launches.homeTake(world, thread);
      case ARRIVED -> launches.arrived(world, thread);
      case ENQUEUE -> launches.enqueue(world, thread);
      case PUBLISH -> launches.publish(world, thread);
      case SETTLE -> launches.settle(world, thread);
      case ENTER -> launches.enter(world, thread);
      case RELEASE -> release(world, thread);
      case WAKE -> wake(world, thread);
      case LACKING -> ending.lacking(world, thread);
      case EVACUATED -> ending.evacuated(world, thread);
      case FORGET -> ending.forget(world, thread);
      case FREE -> ending.free(world, thread);
      case CLOSE_TAKE -> ending.closeTake(world, thread);
      case CLOSE_UNMAP -> ending.closeUnmap(world, thread);
      case CLOSE_WAKE -> ending.closeWake(world, thread);
      case CLOSE_DRAIN -> ending.closeDrain(world, thread);
      case CLOSED -> ending.closed(world, thread);
      case OVERWRITE_TAKE -> zeroing.overwriteTake(world, thread);
      case OVERWRITTEN -> zeroing.overwritten(world, thread);
      case ZERO_TAKE -> zeroing.take(world, thread);
      case ZERO_UNMAP -> zeroing.unmap(world, thread);
      case ZERO_DROP -> zeroing.drop(world, thread);
      case DISCARDED -> zeroing.discarded(world, thread);
      default -> withdraw(world, thread, phase);
    };
  }

  private boolean withdraw(FaultWorld world, int thread, Phase phase) {
    return switch (phase) {
      case SKIP -> withdrawing.skip(world, thread);
      case WITHDRAW_TAKE -> withdrawing.take(world, thread);
      case WITHDRAW_UNMAP -> withdrawing.unmap(world, thread);
      case WITHDRAW_SCAN -> withdrawing.scan(world, thread);
      case WITHDRAW_NOTE -> withdrawing.note(world, thread);
      case WITHDRAW_SEND -> withdrawing.send(world, thread);
      case DOUBT -> withdrawing.doubt(world, thread);
      case RECHECK -> withdrawing.recheck(world, thread);
      case SET -> withdrawing.set(world, thread);
      case CONFIRM -> withdrawing.confirm(world, thread);
      case REMEMBER -> withdrawing.remember(world, thread);
      default -> fetching.take(world, thread, Phase.RELEASE);
    };
  }

  /** Whether a thread is in Java then, where it can be stopped. */
  private boolean isJava(Phase phase) {
    return switch (phase) {
      case SEEK, PLAN, ARRIVED, ENQUEUE, PUBLISH, SETTLE, SKIP, DOUBT, REMEMBER, ENTER, LACKING, EVACUATED, FORGET, FREE, CLOSE_DRAIN,
          CLOSED, OVERWRITTEN, DISCARDED -> true;
      case WITHDRAW_UNMAP, RELEASE -> !scenario.keeps(Rule.CLAIMS_END_WITH_THE_CALL);
      default -> false;
    };
  }

  /** Threads release what they brought home, unmapped, or withdrew. */
  private boolean release(FaultWorld world, int thread) {
    ReleaseSteps.release(world, thread, releasedTo(world, thread));
    if (world.woken[thread] != 0 && scenario.keeps(Rule.WAKES_WAITERS)) {
      world.go(thread, Phase.WAKE);
    } else {
      behindRelease(world, thread);
    }
    return true;
  }

  private int releasedTo(FaultWorld world, int thread) {
    boolean withdraws = world.act[thread] == FaultWorld.LAUNCHES && world.from[thread] == 0;
    return withdraws ? Nibble.DEV0 + scenario.kernels.get(world.kernel[thread]).device() : Nibble.HOSTU;
  }

  private boolean wake(FaultWorld world, int thread) {
    ReleaseSteps.wake(world, thread);
    behindRelease(world, thread);
    return true;
  }

  private void behindRelease(FaultWorld world, int thread) {
    boolean unmaps = world.from[thread] == ScanSteps.SCANNED;
    boolean broughtHome = Nibble.isDevice(world.from[thread]);
    int released = world.mine[thread];
    world.mine[thread] = 0;
    world.woken[thread] = 0;
    world.from[thread] = unmaps ? ScanSteps.SCANNED : 0;
    boolean isDone = world.wanted[thread] == 0;
    if (world.act[thread] == FaultWorld.DISCARDS) {
      world.go(thread, zeroing.behindRelease(world, thread, released));
    } else if (broughtHome) {
      world.go(thread, isDone ? LaunchSteps.behindHome(world, thread) : Phase.HOME_TAKE);
    } else if (unmaps) {
      world.go(thread, isDone ? Phase.DOUBT : Phase.UNMAP_TAKE);
    } else {
      world.go(thread, isDone ? Phase.DOUBT : Phase.WITHDRAW_TAKE);
    }
  }

  @Override
  public String broken(FaultWorld world) {
    return invariants.broken(world);
  }

  @Override
  public boolean isOver(FaultWorld world) {
    return FaultInvariants.isAtRest(world);
  }

  @Override
  public boolean canRepeat() {
    return true;
  }

  @Override
  public String describe(FaultWorld world) {
    StringBuilder text = new StringBuilder();
    for (int page = 0; page < scenario.pages; page++) {
      text.append("p").append(page).append(' ').append(Nibble.name(world.word[page])).append(' ').append(Entry.name(world.entry[page]));
      for (int part = 0; part < scenario.parts; part++) {
        int cell = FaultWorld.cell(page, part);
        text.append(part == 0 ? " " : "/").append(value(world.frame[cell]));
        for (int device = 0; device < scenario.devices; device++) {
          text.append('|').append(value(world.window[device * FaultWorld.CELLS + cell]));
        }
      }
      text.append("  ");
    }
    return text + "flag " + (world.flag == 0 ? "clear" : world.flag == FaultWorld.FLAG_SET ? "set" : "doubted");
  }

  private static String value(int value) {
    return value == FaultWorld.GARBAGE ? "?" : Integer.toString(value);
  }

  // What several kinds of steps need.

  /** Whether a thread may begin an act. */
  static boolean isFree(FaultWorld world, int thread) {
    return world.phaseOf(thread) == Phase.IDLE && world.access[thread] == FaultWorld.NO_ACCESS && !world.safepoint && !world.isClosed;
  }

  /** The first page of a mask from one on. */
  static int nextPage(int pages, int from) {
    return Integer.numberOfTrailingZeros(pages & -1 << from);
  }

  static boolean isLast(int pages, int page) {
    return (pages & -2 << page) == 0;
  }

  static String names(int pages) {
    return switch (pages) {
      case 0 -> "no page";
      case 1 -> "p0";
      case 2 -> "p1";
      default -> "p0 p1";
    };
  }

  static String actor(int actor) {
    return actor == FaultWorld.HANDLER ? "H" : "T" + actor;
  }
}
