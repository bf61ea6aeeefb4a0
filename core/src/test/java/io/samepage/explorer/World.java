package io.samepage.explorer;

import io.samepage.coherence.directory.Transitions;
import io.samepage.explorer.engine.Fifo;
import io.samepage.explorer.engine.Packer;
import io.samepage.explorer.engine.State;
import java.util.List;
import java.util.function.Supplier;

/**
 * A state of the small world. Of a byte it only says whether it is the newest: the last one that was written to that cell by anybody.
 * Which older one it is makes no difference, so two bytes that are not the newest are the same.
 */
final class World implements State {
  private static final int FRESH_BITS = Small.NODES * Small.CELLS;
  private static final int LINE_BITS = 4;
  private static final int FAILURE_BITS = 2;
  private static final int QUEUE_BITS = Fifo.LENGTH_MAX * Byte.SIZE;
  private static final int WAITING_BITS = Small.THREADS_MAX * Byte.SIZE;
  private static final int LAUNCH_BITS = Small.OPERATIONS_MAX * Byte.SIZE;

  /** How many {@code long}s a packed state takes. */
  static final int PACKED_WORDS = 8;

  final long[] directory = Directories.untouched();
  /**
   * Pages of which somebody said that the last copy is lost, and that nobody has written since. They are to be poisoned, and no others:
   * the directory itself can't tell a page that was lost from one whose last copy was dropped by mistake.
   */
  int lost;
  /** For each node and cell, whether the node's frame has the newest byte. */
  private int fresh;
  /** The cells that were ever written: others are zero. */
  private int everWritten;

  // Operations by their bits.
  int held;
  int preparing;
  /** Launches that the directory knows of. */
  int entered;
  /** Those that something failed for: a copy, or the kernel. */
  int failed;
  /** Launches that know already that they have failed, as what they rely on has. */
  int told;
  /** Launches whose uploads failed. */
  int uploadsFailed;
  /** Kernels that read bytes that were not the newest. */
  int misled;

  /** What each operation fetches, as {@link Sources}. */
  final int[] sources = new int[Small.OPERATIONS_MAX];
  /** Which of its instructions each thread is at. */
  final int[] line = new int[Small.THREADS_MAX];
  final int[] phase = new int[Small.THREADS_MAX];
  /** The operations that queue for their claims, plus one. */
  long waiting;
  /** Launches whose kernels have not run. */
  int kernels;
  /** For each launch those it must run behind, and those whose copies it needs too. */
  final int[] followed = new int[Small.OPERATIONS_MAX];
  final int[] shared = new int[Small.OPERATIONS_MAX];
  /** The commands in each device's own queue, and the launches in flight in the order they were enqueued, plus one. */
  final long[] commands = new long[Small.NODES];
  final long[] inFlight = new long[Small.NODES];
  int failuresLeft;
  /** The pages that each copy behind launches copies. */
  final int[] copied = new int[Small.OPERATIONS_MAX];

  // Not part of the state: what a step found, and what is to be told of it.
  String violation;
  List<String> journal;

  @Override
  public void pack(long[] target) {
    Packer out = new Packer(target);
    out.put(Directories.pack(directory), Directories.BITS);
    out.put(lost, Small.PAGES);
    out.put(fresh, FRESH_BITS);
    out.put(everWritten, Small.CELLS);
    out.put(held, Small.OPERATIONS_MAX);
    out.put(preparing, Small.OPERATIONS_MAX);
    out.put(entered, Small.OPERATIONS_MAX);
    out.put(failed, Small.OPERATIONS_MAX);
    out.put(told, Small.OPERATIONS_MAX);
    out.put(uploadsFailed, Small.OPERATIONS_MAX);
    out.put(misled, Small.OPERATIONS_MAX);
    out.put(kernels, Small.OPERATIONS_MAX);
    out.putAll(sources, Small.OPERATIONS_MAX, Sources.BITS);
    out.putAll(followed, Small.OPERATIONS_MAX, Small.OPERATIONS_MAX);
    out.putAll(shared, Small.OPERATIONS_MAX, Small.OPERATIONS_MAX);
    out.putAll(copied, Small.OPERATIONS_MAX, Small.PAGES);
    out.putAll(line, Small.THREADS_MAX, LINE_BITS);
    out.putAll(phase, Small.THREADS_MAX, Phase.BITS);
    out.put(failuresLeft, FAILURE_BITS);
    out.put(waiting, WAITING_BITS);
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      out.put(commands[device], QUEUE_BITS);
      out.put(inFlight[device], LAUNCH_BITS);
    }
  }

  @Override
  public void unpack(long[] packed) {
    Packer in = new Packer(packed);
    Directories.unpack(in.getInt(Directories.BITS), directory);
    lost = in.getInt(Small.PAGES);
    fresh = in.getInt(FRESH_BITS);
    everWritten = in.getInt(Small.CELLS);
    held = in.getInt(Small.OPERATIONS_MAX);
    preparing = in.getInt(Small.OPERATIONS_MAX);
    entered = in.getInt(Small.OPERATIONS_MAX);
    failed = in.getInt(Small.OPERATIONS_MAX);
    told = in.getInt(Small.OPERATIONS_MAX);
    uploadsFailed = in.getInt(Small.OPERATIONS_MAX);
    misled = in.getInt(Small.OPERATIONS_MAX);
    kernels = in.getInt(Small.OPERATIONS_MAX);
    in.getAll(sources, Small.OPERATIONS_MAX, Sources.BITS);
    in.getAll(followed, Small.OPERATIONS_MAX, Small.OPERATIONS_MAX);
    in.getAll(shared, Small.OPERATIONS_MAX, Small.OPERATIONS_MAX);
    in.getAll(copied, Small.OPERATIONS_MAX, Small.PAGES);
    in.getAll(line, Small.THREADS_MAX, LINE_BITS);
    in.getAll(phase, Small.THREADS_MAX, Phase.BITS);
    failuresLeft = in.getInt(FAILURE_BITS);
    waiting = in.get(WAITING_BITS);
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      commands[device] = in.get(QUEUE_BITS);
      inFlight[device] = in.get(LAUNCH_BITS);
    }
    violation = null;
    journal = null;
  }

  @Override
  public String violation() {
    return violation;
  }

  @Override
  public void record(List<String> into) {
    journal = into;
  }

  /** Whether a launch or copy is in a queue of its device, and not retired. */
  boolean isInFlight(Operation operation) {
    return Fifo.contains(inFlight[operation.node()], operation.index() + 1);
  }

  boolean isHeld(Operation operation) {
    return (held & operation.bit()) != 0;
  }

  int heldPages(int node) {
    return (int) Transitions.heldBy(directory, 0, node, Small.ALL_PAGES);
  }

  int poisonedPages() {
    return (int) Transitions.poisoned(directory, 0, Small.NODES, Small.ALL_PAGES);
  }

  /** The cells of which a node's frame has not got the newest bytes. */
  int staleCells(int node) {
    return ~fresh >> node * Small.CELLS & Small.ALL_CELLS;
  }

  /** A node's frame gets the newest bytes of cells, from nowhere: for the beginning. */
  void place(int node, int cells) {
    fresh |= cells << node * Small.CELLS;
  }

  /** New bytes are written to cells in a node's frame: all others are old now. */
  void write(int node, int cells) {
    everWritten |= cells;
    for (int each = 0; each < Small.NODES; each++) {
      spoil(each, cells);
    }
    place(node, cells);
  }

  /** Cells are zero again, as if nobody had ever written them; the host has that. */
  void clear(int cells) {
    write(Small.HOST, cells);
    everWritten &= ~cells;
  }

  /** A kernel fails: what it was to write is nowhere. */
  void writeGarbage(int node, int cells) {
    write(node, cells);
    spoil(node, cells);
  }

  /** Bytes in a frame are overwritten by something that nobody wants. */
  void spoil(int node, int cells) {
    fresh &= ~(cells << node * Small.CELLS);
  }

  void copy(int source, int target, int page) {
    int cells = Small.cellsOf(page);
    spoil(target, cells);
    place(target, cells & ~staleCells(source));
  }

  void zero(int target, int page) {
    int cells = Small.cellsOf(page);
    spoil(target, cells);
    place(target, cells & ~everWritten);
  }

  /** Whether a device has commands of an operation in a queue. */
  boolean hasCommands(Operation operation) {
    return (kernels & operation.bit()) != 0 || hasCopies(operation);
  }

  /** Whether a device has commands of an operation in its own queue. */
  boolean hasCopies(Operation operation) {
    for (long fifo : commands) {
      for (long rest = fifo; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
        if (Command.of(Fifo.head(rest)).operation() == operation.index()) {
          return true;
        }
      }
    }
    return false;
  }

  boolean isTold() {
    return journal != null;
  }

  void tell(Object who, String what) {
    if (journal != null) {
      journal.add(who + " " + what);
    }
  }

  /** The same where it takes work to say what, which most steps are spared. */
  void tell(Object who, Supplier<String> what) {
    if (journal != null) {
      tell(who, what.get());
    }
  }

  /** Notes what is wrong; of several things the first. */
  void violated(String what) {
    violation = violation == null ? what : violation;
  }
}
