package io.samepage.explorer;

import io.samepage.coherence.directory.Transitions;
import io.samepage.coherence.lease.Claim;
import io.samepage.explorer.Scenario.Instruction;
import io.samepage.explorer.engine.Fifo;
import java.util.ArrayList;
import java.util.List;

/** A scenario under rules: what all steps look up, and what several kinds of steps do. */
final class Model {
  private final Scenario scenario;
  private final Rules rules;
  private final List<List<Instruction>> lines;
  private final Operation[] operations;
  /** For each host lease and device the copy that it may put behind launches there. */
  private final Operation[][] copies;
  private final Claims claims;
  private final Frames frames;
  /** What the rules said of sources, by all that this depends on, plus 1: shipped directories are slow to make. */
  private final short[] sources = new short[Small.NODES << Directories.BITS + Small.PAGES];

  Model(Scenario scenario, Rules rules) {
    this.scenario = scenario;
    this.rules = rules;
    lines = scenario.instructions();
    List<Operation> all = new ArrayList<>(lines.stream().flatMap(List::stream).filter(instruction -> !instruction.closes())
        .map(Instruction::operation).toList());
    copies = new Operation[all.size()][Small.NODES];
    if (scenario.follows()) {
      addCopies(all);
    }
    operations = all.toArray(Operation[]::new);
    claims = new Claims(this);
    frames = new Frames(this);
  }

  private void addCopies(List<Operation> all) {
    Claim.Kind kind = rules.take(Care.KEEPS_OTHERS_OFF_WHAT_IT_COPIES_TO) ? Claim.Kind.COPY : Claim.Kind.LAUNCH;
    for (Operation lease : all.stream().filter(Operation::isHostLease).toList()) {
      for (int device = Small.DEV1; device < Small.NODES; device++) {
        if (isWrittenBy(device)) {
          copies[lease.index()][device] = Operation.copy(lease, device, all.size(), scenario.rangeSizeBytes(), kind);
          all.add(copies[lease.index()][device]);
        }
      }
    }
    if (all.size() > Small.OPERATIONS_MAX) {
      throw new IllegalArgumentException("The scenario is too large: operations and copies=" + all.size());
    }
  }

  private boolean isWrittenBy(int device) {
    return lines.stream().flatMap(List::stream).map(Instruction::operation)
        .anyMatch(operation -> operation.kind() == Act.Kind.LAUNCH && operation.node() == device && operation.writtenCells() != 0);
  }

  /** The copy that a host lease may put behind launches of a device. */
  Operation copyOf(Operation lease, int device) {
    return copies[lease.index()][device];
  }

  Scenario scenario() {
    return scenario;
  }

  Rules rules() {
    return rules;
  }

  Claims claims() {
    return claims;
  }

  Frames frames() {
    return frames;
  }

  /** Where the pages come from that a node needs. */
  int sources(World world, int node, int neededPages) {
    int question = (node << Small.PAGES | neededPages) << Directories.BITS | Directories.pack(world.directory);
    if (sources[question] == 0) {
      sources[question] = (short) (1 + rules.sources(world.directory, node, neededPages));
    }
    return sources[question] - 1;
  }

  /** The cells that exist: the last page may have fewer than others. */
  int cells() {
    return (1 << scenario.rangeSizeBytes()) - 1;
  }

  Operation[] operations() {
    return operations;
  }

  int threads() {
    return lines.size();
  }

  World newWorld(Start start) {
    World world = new World();
    start.putInto(world);
    world.failuresLeft = scenario.failures();
    return world;
  }

  /** What a thread is at, null at its end. */
  Instruction instruction(World world, int thread) {
    List<Instruction> line = lines.get(thread);
    return world.line[thread] == line.size() ? null : line.get(world.line[thread]);
  }

  /** A thread goes on to its next instruction. What is to be closed but was never open is left out. */
  void advance(World world, int thread) {
    Instruction next;
    do {
      world.line[thread]++;
      next = instruction(world, thread);
    } while (next != null && next.closes() && !world.isHeld(next.operation()));
    world.phase[thread] = next == null ? 0 : next.firstPhase().ordinal();
  }

  void go(World world, Operation operation, Phase phase) {
    world.phase[operation.thread()] = phase.ordinal();
  }

  /** Whether all threads are at their ends and all devices idle. */
  boolean isOver(World world) {
    for (int thread = 0; thread < threads(); thread++) {
      if (instruction(world, thread) != null) {
        return false;
      }
    }
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      if (world.kernels != 0 || world.commands[device] != Fifo.EMPTY || world.inFlight[device] != Fifo.EMPTY) {
        return false;
      }
    }
    return true;
  }

  /** Whether what other devices have comes to an operation's node without passing through the host. */
  boolean copiesDirectly(Operation operation) {
    return operation.node() != Small.HOST && operation.kind() != Act.Kind.EVICTION && scenario.copiesBetweenPeers();
  }

  /** A node has written pages as {@link Rules#wrote} says: none of them is lost any more. */
  void wrote(World world, int node, int pages) {
    world.lost &= ~pages;
    rules.wrote(world.directory, node, pages);
  }

  /** The contents of pages are given up as {@link Rules#discarded} says: none of them is lost any more. */
  void discarded(World world, int pages) {
    world.lost &= ~pages;
    rules.discarded(world.directory, pages);
  }

  /** A node has lost its copies as {@link Rules#lost} says: pages that it alone held are lost from now on. */
  void lost(World world, int node, int pages) {
    world.lost |= (int) Transitions.onlyOn(world.directory, 0, Small.NODES, node, pages);
    rules.lost(world.directory, node, pages);
  }

  /** Drops a claim, and what was noted of its operation. */
  void drop(World world, Operation operation) {
    int others = ~operation.bit();
    world.held &= others;
    world.preparing &= others;
    world.entered &= others;
    world.failed &= others;
    world.told &= others;
    world.uploadsFailed &= others;
    world.misled &= others;
    world.sources[operation.index()] = Sources.NONE;
    world.followed[operation.index()] = 0;
    world.shared[operation.index()] = 0;
    world.copied[operation.index()] = 0;
    for (int i = 0; i < operations.length; i++) {
      // A lease remembers what it has come behind.
      world.followed[i] &= operations[i].isHostLease() ? -1 : others;
      world.shared[i] &= others;
    }
  }

  /** Gives an operation up: its claim is dropped, its thread goes on. */
  void giveUp(World world, Operation operation) {
    drop(world, operation);
    advance(world, operation.thread());
  }

  /** Whether an operation's node holds all that the operation needs. */
  boolean holdsWhatItNeeds(World world, Operation operation) {
    int needed = rules.neededPages(operation.claim(false));
    return (needed & ~world.heldPages(operation.node())) == 0;
  }
}
