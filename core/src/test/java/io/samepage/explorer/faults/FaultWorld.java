package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;
import io.samepage.explorer.engine.Packer;
import io.samepage.explorer.engine.State;
import java.util.List;

/**
 * A state of the small world. What a cell holds is the number of the write that it comes from, 0 at first. Each write knows which others
 * happen before it.
 */
final class FaultWorld implements State {
  static final int PAGES = 2;
  static final int PARTS = 2;
  static final int CELLS = PAGES * PARTS;
  static final int DEVICES = 2;
  static final int THREADS = 2;
  /** Who claims: the threads, and the handler. */
  static final int ACTORS = THREADS + 1;
  static final int HANDLER = THREADS;
  static final int WRITES = 7;
  /** What a frame or window holds before anything was put there. */
  static final int GARBAGE = 15;

  static final int NO_ACCESS = 0;
  static final int WOKEN = 1;
  static final int WAITS = 2;

  static final int FLAG_SET = 1;
  static final int FLAG_DOUBTED = 2;

  static final int LAUNCHES = 1;
  static final int EVICTS = 2;
  static final int CLOSES = 3;
  static final int DISCARDS = 4;

  static final int PACKED_WORDS = 8;

  private static final int QUEUE_BITS = Fifo.LENGTH_MAX * Byte.SIZE;
  private static final int KNOWN_BITS = WRITES + 1;

  // The fault table, the system, the memories.
  final int[] word = new int[PAGES];
  final int[] entry = new int[PAGES];
  final int[] frame = new int[CELLS];
  final int[] window = new int[DEVICES * CELLS];
  int flag;
  /** Devices whose windows the library knows, and whose windows exist. */
  int published;
  int allocated;

  // What Java knows: the directory, which device all of the block was withdrawn to (plus 1), who clears flags (plus 1).
  int hostHolds;
  /** Pages that nobody has written since they were discarded. */
  int untouched;
  final int[] deviceHolds = new int[DEVICES];
  int withdrawnTo;
  int clearing;
  boolean isClosed;
  boolean isFreed;

  // Devices: commands, the last published kernel, whether edges were ever sent.
  final long[] queue = new long[DEVICES];
  final int[] producer = new int[DEVICES];
  int edges;

  // Who claims.
  final int[] phase = new int[ACTORS];
  final int[] wanted = new int[ACTORS];
  final int[] mine = new int[ACTORS];
  final int[] from = new int[ACTORS];
  final int[] at = new int[ACTORS];
  /** Commands of a device until what is waited for is complete. */
  final int[] awaited = new int[ACTORS];
  /** Pages that are being read for somebody. */
  final int[] reading = new int[ACTORS];
  final int[] woken = new int[ACTORS];
  /** The handler: pages that it fetches last. Threads: pages found written. */
  final int[] noted = new int[ACTORS];
  int touched;
  /** The device a handler has looked up too early, plus 1: only where that rule is broken. */
  int early;

  // Threads.
  final int[] act = new int[THREADS];
  final int[] kernel = new int[THREADS];
  final int[] number = new int[THREADS];
  final int[] known = new int[THREADS];
  final int[] knownAtLaunch = new int[THREADS];
  final int[] access = new int[THREADS];
  final int[] accessCell = new int[THREADS];
  final int[] accessWrite = new int[THREADS];
  /** Threads whose events nobody has read, the oldest first, plus 1. */
  long events;
  final int[] launchesLeft = new int[THREADS];
  final int[] storesLeft = new int[THREADS];
  final int[] evictionsLeft = new int[THREADS];
  final int[] discardsLeft = new int[THREADS];
  boolean mayClose;
  int reclaimsLeft;
  int signalsLeft;
  boolean safepoint;

  // Writes: how many, what each knows, which cells it covers, which are kernels'. What was made known to all.
  int writes;
  final int[] before = new int[WRITES + 1];
  final int[] cells = new int[WRITES + 1];
  int kernels;
  /** Those which are discards: the cells are zero. */
  int discards;
  int common;

  private final int[][] twoBits = {wanted, mine, at, reading, woken, noted, kernel, access, accessCell, launchesLeft, storesLeft,
      evictionsLeft, discardsLeft};
  private final int[][] ofActors = {phase, wanted, mine, from, at, awaited, reading, woken, noted};

  // Not part of the state.
  private String violation;
  private List<String> journal;

  @Override
  public void pack(long[] target) {
    Packer out = new Packer(target);
    put(out, 4, word);
    put(out, 2, entry);
    put(out, 4, frame);
    put(out, 4, window);
    put(out, 2, flag, published, allocated, hostHolds, withdrawnTo, clearing, edges, reclaimsLeft, signalsLeft, touched, early,
        untouched);
    put(out, 1, bit(isClosed), bit(isFreed), bit(mayClose), bit(safepoint));
    put(out, 2, deviceHolds);
    for (long commands : queue) {
      out.put(commands, QUEUE_BITS);
    }
    put(out, 3, producer);
    put(out, Phase.BITS, phase);
    put(out, 4, from);
    put(out, 3, awaited);
    for (int[] small : twoBits) {
      put(out, 2, small);
    }
    put(out, 3, act);
    put(out, 3, number);
    put(out, 3, accessWrite);
    put(out, KNOWN_BITS, known);
    put(out, KNOWN_BITS, knownAtLaunch);
    out.put(events, 2 * Byte.SIZE);
    put(out, 3, writes);
    put(out, KNOWN_BITS, before);
    put(out, CELLS, cells);
    put(out, KNOWN_BITS, kernels, discards, common);
  }

  @Override
  public void unpack(long[] packed) {
    Packer in = new Packer(packed);
    get(in, 4, word);
    get(in, 2, entry);
    get(in, 4, frame);
    get(in, 4, window);
    flag = in.getInt(2);
    published = in.getInt(2);
    allocated = in.getInt(2);
    hostHolds = in.getInt(2);
    withdrawnTo = in.getInt(2);
    clearing = in.getInt(2);
    edges = in.getInt(2);
    reclaimsLeft = in.getInt(2);
    signalsLeft = in.getInt(2);
    touched = in.getInt(2);
    early = in.getInt(2);
    untouched = in.getInt(2);
    isClosed = in.getInt(1) != 0;
    isFreed = in.getInt(1) != 0;
    mayClose = in.getInt(1) != 0;
    safepoint = in.getInt(1) != 0;
    get(in, 2, deviceHolds);
    for (int i = 0; i < DEVICES; i++) {
      queue[i] = in.get(QUEUE_BITS);
    }
    get(in, 3, producer);
    unpackActors(in);
    events = in.get(2 * Byte.SIZE);
    writes = in.getInt(3);
    get(in, KNOWN_BITS, before);
    get(in, CELLS, cells);
    kernels = in.getInt(KNOWN_BITS);
    discards = in.getInt(KNOWN_BITS);
    common = in.getInt(KNOWN_BITS);
    violation = null;
    journal = null;
  }

  private void unpackActors(Packer in) {
    get(in, Phase.BITS, phase);
    get(in, 4, from);
    get(in, 3, awaited);
    for (int[] small : twoBits) {
      get(in, 2, small);
    }
    get(in, 3, act);
    get(in, 3, number);
    get(in, 3, accessWrite);
    get(in, KNOWN_BITS, known);
    get(in, KNOWN_BITS, knownAtLaunch);
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
  }

  private static void put(Packer out, int bits, int... values) {
    for (int value : values) {
      out.put(value, bits);
    }
  }

  private static void get(Packer in, int bits, int[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = in.getInt(bits);
    }
  }

  @Override
  public String violation() {
    return violation;
  }

  @Override
  public void record(List<String> into) {
    journal = into;
  }

  boolean isRecorded() {
    return journal != null;
  }

  /** Notes what is wrong; of several things the first. */
  void violated(String what) {
    violation = violation == null ? what : violation;
  }

  /** Tells of a step: {@code who point: what}. */
  void tell(int actor, String point, String what) {
    if (journal != null) {
      journal.add((actor == HANDLER ? "H" : "T" + actor) + " " + point + (what.isEmpty() ? "" : ": " + what));
    }
  }

  void tell(String who, String point, String what) {
    if (journal != null) {
      journal.add(who + " " + point + (what.isEmpty() ? "" : ": " + what));
    }
  }

  Phase phaseOf(int actor) {
    return Phase.of(phase[actor]);
  }

  void go(int actor, Phase next) {
    phase[actor] = next.ordinal();
  }

  static boolean has(int mask, int bit) {
    return (mask >> bit & 1) != 0;
  }

  static int cell(int page, int part) {
    return page * PARTS + part;
  }

  boolean isPresent(int page) {
    return Entry.isPresent(entry[page]);
  }

  /** The pages of a mask that are in a state. */
  int pagesIn(int mask, int nibble) {
    int found = 0;
    for (int page = 0; page < PAGES; page++) {
      found |= has(mask, page) && word[page] == nibble ? 1 << page : 0;
    }
    return found;
  }

  int claimedPages(int mask) {
    int found = 0;
    for (int page = 0; page < PAGES; page++) {
      found |= has(mask, page) && Nibble.isClaimed(word[page]) ? 1 << page : 0;
    }
    return found;
  }

  int fetchPages(int mask) {
    return pagesIn(mask, Nibble.FETCH) | pagesIn(mask, Nibble.FETCHW);
  }

  void setWords(int mask, int nibble) {
    for (int page = 0; page < PAGES; page++) {
      word[page] = has(mask, page) ? nibble : word[page];
    }
  }

  /** A new write by somebody who knows of others; answers its number. */
  int newWrite(int knows, int covers, boolean isKernel) {
    if (writes == WRITES) {
      throw new IllegalStateException("The scenario is too large: writes are at most " + WRITES);
    }
    writes++;
    before[writes] = knows;
    cells[writes] = covers;
    kernels |= isKernel ? 1 << writes : 0;
    return writes;
  }

  /** The same for a discard. */
  int newDiscard(int knows, int covers) {
    int number = newWrite(knows, covers, false);
    discards |= 1 << number;
    return number;
  }

  /** The last discard of a page: those of a page exclude each other, so it is the one with the highest number. */
  int lastDiscard(int page) {
    int last = 0;
    for (int write = 1; write <= writes; write++) {
      last = has(discards, write) && has(cells[write], cell(page, 0)) ? write : last;
    }
    return last;
  }

  /** Whether somebody who knows of some writes must not see a value in a cell: he knows of a write there that came after it. */
  boolean isStale(int knows, int cell, int value) {
    if (value == GARBAGE) {
      return true;
    }
    for (int write = 1; write <= writes; write++) {
      boolean overwrote = has(knows, write) && write != value && has(cells[write], cell);
      if (overwrote && (value == 0 || has(before[write], value))) {
        return true;
      }
    }
    return false;
  }

  /** Threads that wait for a page go on, and try again. */
  void wake(int pages) {
    for (int thread = 0; thread < THREADS; thread++) {
      if (access[thread] == WAITS && has(pages, accessCell[thread] / PARTS)) {
        access[thread] = WOKEN;
        events = Fifo.without(events, thread + 1);
      }
    }
  }

  void clearActor(int actor) {
    for (int[] field : ofActors) {
      field[actor] = 0;
    }
  }
}
