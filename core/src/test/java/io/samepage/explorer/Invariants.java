package io.samepage.explorer;

import io.samepage.coherence.directory.Transitions;
import io.samepage.explorer.engine.Fifo;

/** What holds in every state. */
final class Invariants {
  private final Model model;

  Invariants(Model model) {
    this.model = model;
  }

  /** What is broken in a state, null if all is well. */
  String broken(World world) {
    long violations = Transitions.violations(world.directory, 0) & Small.ALL_PAGES;
    if (violations != 0) {
      return "the directory's own invariant is broken for " + Small.namePages((int) violations) + ": "
          + Directories.describe(world.directory);
    }
    String losses = brokenLosses(world);
    String claims = losses != null ? losses : brokenClaims(world);
    return claims != null ? claims : brokenCopies(world);
  }

  /** A page is poisoned from the moment at which its last copy is said to be lost until somebody writes it, and at no other time. */
  private static String brokenLosses(World world) {
    int dropped = world.poisonedPages() & ~world.lost;
    int kept = world.lost & ~world.poisonedPages();
    return dropped != 0 ? "nobody has " + Small.namePages(dropped) + ", though not lost: " + Directories.describe(world.directory)
        : kept != 0 ? "somebody has " + Small.namePages(kept) + ", though lost: " + Directories.describe(world.directory) : null;
  }

  private String brokenClaims(World world) {
    for (Operation operation : model.operations()) {
      if (!world.isHeld(operation) || operation.kind() == Act.Kind.EVICTION) {
        continue;
      }
      for (Operation other : model.operations()) {
        Operation user = other.in(world);
        if (world.isHeld(other) && other != operation && (operation.writtenCells() & (user.readCells() | user.writtenCells())) != 0
            && other.kind() != Act.Kind.EVICTION && !areInOneQueue(operation, other) && !comesBehind(world, operation, other)) {
          return operation + " and " + user + " are both held";
        }
      }
      int promised = promisedPages(world, operation.in(world));
      int missing = promised & ~world.heldPages(operation.node()) & ~world.poisonedPages();
      if (missing != 0) {
        return operation + " was promised " + Small.namePages(missing) + ", and has not got it";
      }
    }
    return null;
  }

  private static boolean areInOneQueue(Operation operation, Operation other) {
    return operation.act().isQueued() && other.act().isQueued() && operation.node() == other.node();
  }

  /** Whether one is a lease that is being prepared behind launches, and the other a copy for it, or what it follows. */
  private static boolean comesBehind(World world, Operation one, Operation other) {
    boolean isLease = one.isHostLease() && other.act().isQueued();
    Operation lease = isLease ? one : other;
    Operation queued = isLease ? other : one;
    return lease.isHostLease() && (world.preparing & lease.bit()) != 0
        && (queued.lease() == lease || (world.followed[lease.index()] & queued.bit()) != 0);
  }

  /** The pages that a prepared claim may rely on: a lease on those it needed, a launch on all, unless it knows that it has failed. */
  private static int promisedPages(World world, Operation operation) {
    if (((world.preparing | world.failed | world.told) & operation.bit()) != 0) {
      return 0;
    }
    return operation.act().isQueued() ? operation.pages() : Small.pages(operation.claim(false).neededPages());
  }

  /** A valid copy has the newest bytes, but where somebody who may write them holds a claim, or the copy is on its way. */
  private String brokenCopies(World world) {
    int beingWritten = 0;
    for (Operation operation : model.operations()) {
      beingWritten |= world.isHeld(operation) ? operation.writtenCells() : 0;
    }
    for (int node = 0; node < Small.NODES; node++) {
      int sound = world.heldPages(node) & ~onTheirWay(world, node);
      int old = Small.cellsOfAll(sound) & world.staleCells(node) & ~beingWritten & model.cells();
      if (old != 0) {
        return "the copy on " + Small.node(node) + " counts as valid, but has old bytes in " + Small.nameCells(old);
      }
    }
    return null;
  }

  /** Pages of a node that are still to come, or whose coming failed and nobody has noticed yet. */
  private int onTheirWay(World world, int node) {
    int pages = 0;
    for (long rest = world.commands[node]; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
      Command command = Command.of(Fifo.head(rest));
      boolean arrives = command.kind() == Command.Kind.UPLOAD || command.kind() == Command.Kind.ZERO;
      pages |= arrives ? 1 << command.page() : 0;
    }
    for (Operation operation : model.operations()) {
      if (((world.preparing | world.uploadsFailed) & operation.bit()) != 0) {
        pages |= comingTo(world, operation, node);
      }
    }
    return pages;
  }

  private int comingTo(World world, Operation operation, int node) {
    int sources = world.sources[operation.index()];
    boolean comesHere = node == operation.node() && operation.kind() != Act.Kind.EVICTION;
    boolean passes = node == Small.HOST && !model.copiesDirectly(operation);
    return comesHere ? Sources.pages(sources)
        : passes ? Sources.pagesFrom(sources, Small.DEV1) | Sources.pagesFrom(sources, Small.DEV2) : 0;
  }
}
