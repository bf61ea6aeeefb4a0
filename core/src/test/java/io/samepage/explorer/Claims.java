package io.samepage.explorer;

import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.LeaseTable;
import io.samepage.explorer.engine.Fifo;
import java.util.List;
import java.util.stream.Stream;

/** Takes claims by way of the shipped table, which is made anew from the state each time: see Leases and Eviction. */
final class Claims {
  private final Model model;

  Claims(Model model) {
    this.model = model;
  }

  /** Holds a claim, or queues for it; false if neither is possible now. */
  boolean hold(World world, Operation operation) {
    LeaseTable<Integer> table = table(world);
    if (model.rules().isBlocked(table, operation.claim(true)) || mustWaitItsTurn(world, table, operation)) {
      checkPatience(world, table, operation);
      return queue(world, operation);
    }
    world.waiting = Fifo.without(world.waiting, operation.index() + 1);
    enter(world, operation);
    model.go(world, operation, Phase.PLAN);
    return true;
  }

  private boolean mustWaitItsTurn(World world, LeaseTable<Integer> table, Operation operation) {
    return mayQueue(world, operation) && model.rules().isBehind(table, operation.claim(true));
  }

  private boolean mayQueue(World world, Operation operation) {
    return !model.rules().take(Care.OVERTAKES_WITH_OPEN_LEASE) || !hasOpenLease(world, operation.thread());
  }

  private boolean queue(World world, Operation operation) {
    int waiter = operation.index() + 1;
    boolean queues = mayQueue(world, operation) && !Fifo.contains(world.waiting, waiter);
    if (queues) {
      world.waiting = Fifo.add(world.waiting, waiter);
      world.tell(operation, "queues for its claim");
    }
    return queues;
  }

  /** Whether a copy is under way that nobody waits for any more: see Leases.holdBehindLaunches. */
  boolean ask(World world, Operation lease) {
    boolean isLeft = model.rules().take(Care.LEAVES_ONE_COPY) && Stream.of(model.operations())
        .anyMatch(other -> other.isCopy() && world.isInFlight(other) && !world.isHeld(other.lease()));
    world.tell(lease, isLeft ? "sees a copy that was given up" : "may come behind launches");
    model.go(world, lease, isLeft ? Phase.HOLD_BEHIND_NONE : Phase.HOLD_BEHIND);
    return true;
  }

  /** As {@link #hold}, but launches in their queues are no obstacle. */
  boolean holdBehind(World world, Operation lease) {
    LeaseTable<Integer> table = table(world);
    List<Claim<Integer>> blockers = model.rules().blockers(table, lease.claim(true));
    List<Claim<Integer>> followed = blockers.stream().filter(other -> canBeFollowed(world, other)).toList();
    if (followed.size() < blockers.size() || mustWaitItsTurn(world, table, lease)) {
      checkPatience(world, table, lease);
      return queue(world, lease);
    }
    world.waiting = Fifo.without(world.waiting, lease.index() + 1);
    if (!followed.isEmpty() && !model.rules().isWithinPagesOf(lease.claim(true), followed)) {
      world.tell(lease, "can't come behind launches that write less than its pages");
      model.go(world, lease, Phase.HOLD_BEHIND_NONE);
      return true;
    }
    enter(world, lease);
    followed.forEach(other -> world.followed[lease.index()] |= 1 << other.owner());
    model.go(world, lease, Phase.PLAN);
    return true;
  }

  private boolean canBeFollowed(World world, Claim<Integer> other) {
    Operation operation = model.operations()[other.owner()];
    boolean isEntered = (world.entered & operation.bit()) != 0 || !model.rules().take(Care.COMES_BEHIND_WHAT_IS_ENTERED);
    return operation.act().isQueued() && isEntered;
  }

  /** A lease that comes behind launches that still run keeps nobody off who wants nothing of what they or others that it follows write. */
  private void checkPatience(World world, LeaseTable<Integer> table, Operation operation) {
    if (!model.scenario().follows()) {
      return;
    }
    for (Claim<Integer> other : table.blockers(operation.claim(true))) {
      Operation lease = model.operations()[other.owner()];
      int launches = lease.isHostLease() ? world.followed[lease.index()] : 0;
      boolean concerns = Stream.of(model.operations()).anyMatch(launch -> (launches & launch.bit()) != 0
          && (launch.in(world).pages() & operation.pages()) != 0);
      if ((launches & world.kernels) != 0 && !concerns && !table.isConflict(operation.claim(true), other)) {
        world.violated(operation + " is kept off by " + lease + " for as long as kernels run that don't concern it");
      }
    }
  }

  private void enter(World world, Operation operation) {
    world.held |= operation.bit();
    world.preparing |= operation.bit();
    world.tell(operation, "holds its claim");
  }

  /** Claims what is to be evicted, or leaves it where somebody is in the way. */
  boolean holdToEvict(World world, Operation eviction) {
    for (Operation other : model.operations()) {
      boolean shares = world.isHeld(other) && other.in(world).claim(true).sharesPage(eviction.claim(true));
      if (shares && model.rules().isInTheWay(other.in(world).claim(isPreparing(world, other)), eviction.node())) {
        world.tell(eviction, () -> "leaves it, as the way is barred by " + other);
        model.advance(world, eviction.thread());
        return true;
      }
    }
    if (model.rules().take(Care.CLAIMS_WHAT_IT_EVICTS)) {
      enter(world, eviction);
    }
    model.go(world, eviction, Phase.PLAN);
    return true;
  }

  private static boolean isPreparing(World world, Operation operation) {
    return (world.preparing & operation.bit()) != 0;
  }

  /** Notes what a launch must come behind: see Predecessors. */
  void follow(World world, Operation launch) {
    LeaseTable<Integer> table = table(world);
    for (Claim<Integer> other : model.rules().predecessors(table, launch.claim(true))) {
      Operation earlier = model.operations()[other.owner()];
      if (table.isConflict(launch.claim(true), other)) {
        world.followed[launch.index()] |= model.rules().take(Care.FOLLOWS_CONFLICTS) ? earlier.bit() : 0;
      } else {
        world.shared[launch.index()] |= model.rules().take(Care.FOLLOWS_SHARED_COPIES) ? earlier.bit() : 0;
      }
    }
  }

  private LeaseTable<Integer> table(World world) {
    LeaseTable<Integer> table = new LeaseTable<>();
    for (Operation operation : model.operations()) {
      if (world.isHeld(operation)) {
        table.hold(operation.in(world).claim(isPreparing(world, operation)));
      }
    }
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      for (long rest = world.inFlight[device]; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
        Operation launch = model.operations()[Fifo.head(rest) - 1].in(world);
        if ((world.entered & launch.bit()) != 0) {
          table.launched(launch.claim(false), Sources.pages(world.sources[launch.index()]) != 0);
        }
      }
    }
    for (long rest = world.waiting; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
      table.startWaiting(model.operations()[Fifo.head(rest) - 1].claim(true));
    }
    return table;
  }

  private boolean hasOpenLease(World world, int thread) {
    for (Operation operation : model.operations()) {
      if (operation.thread() == thread && operation.act().isLease() && world.isHeld(operation)) {
        return true;
      }
    }
    return false;
  }
}
