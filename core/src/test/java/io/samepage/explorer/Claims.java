package io.samepage.explorer;

import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.LeaseTable;
import io.samepage.explorer.engine.Fifo;

/** Takes claims by way of the shipped table, which is made anew from the state each time: see Leases and Eviction. */
final class Claims {
  private final Model model;

  Claims(Model model) {
    this.model = model;
  }

  /** Holds a claim, or queues for it; false if neither is possible now. */
  boolean hold(World world, Operation operation) {
    boolean mayQueue = !model.rules().take(Care.OVERTAKES_WITH_OPEN_LEASE) || !hasOpenLease(world, operation.thread());
    LeaseTable<Integer> table = table(world);
    boolean waits = model.rules().isBlocked(table, operation.claim(true))
        || mayQueue && model.rules().isBehind(table, operation.claim(true));
    int waiter = operation.index() + 1;
    if (waits) {
      boolean queues = mayQueue && !Fifo.contains(world.waiting, waiter);
      if (queues) {
        world.waiting = Fifo.add(world.waiting, waiter);
        world.tell(operation, "queues for its claim");
      }
      return queues;
    }
    world.waiting = Fifo.without(world.waiting, waiter);
    enter(world, operation);
    model.go(world, operation, Phase.PLAN);
    return true;
  }

  private void enter(World world, Operation operation) {
    world.held |= operation.bit();
    world.preparing |= operation.bit();
    world.tell(operation, "holds its claim");
  }

  /** Claims what is to be evicted, or leaves it where somebody is in the way. */
  boolean holdToEvict(World world, Operation eviction) {
    for (Operation other : model.operations()) {
      boolean shares = world.isHeld(other) && other.claim(true).sharesPage(eviction.claim(true));
      if (shares && model.rules().isInTheWay(other.claim(isPreparing(world, other)), eviction.node())) {
        world.tell(eviction, "leaves it, as the way is barred by " + other);
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
        table.hold(operation.claim(isPreparing(world, operation)));
      }
    }
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      for (long rest = world.inFlight[device]; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
        Operation launch = model.operations()[Fifo.head(rest) - 1];
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
