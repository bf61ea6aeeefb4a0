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
  private static final int QUEUES_WORD = 0;
  private static final int MEMORY_WORD = 2;
  private static final int ACTORS_WORD = 4;
  private static final int BEFORE_WORD = 7;

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

  private final int[][] ofActors = {phase, wanted, mine, from, at, awaited, reading, woken, noted};

  // Not part of the state.
  private String violation;
  private List<String> journal;

  /** In parts, each with words of its own: the compiler makes of a part straight code, as it is small, and knows where each number goes. */
  @Override
  public void pack(long[] target) {
    packQueues(target);
    packMemory(target);
    packActors(target);
    new Packer(target, BEFORE_WORD).putAll(before, WRITES + 1, KNOWN_BITS);
  }

  private void packQueues(long[] target) {
    Packer out = new Packer(target, QUEUES_WORD);
    out.put(queue[0], QUEUE_BITS);
    out.put(queue[1], QUEUE_BITS);
    out.put(events, 2 * Byte.SIZE);
  }

  private void packMemory(long[] target) {
    Packer out = new Packer(target, MEMORY_WORD);
    out.putAll(word, PAGES, 4);
    out.putAll(entry, PAGES, 2);
    out.putAll(frame, CELLS, 4);
    out.putAll(window, DEVICES * CELLS, 4);
    out.put(flag, 2);
    out.put(published, 2);
    out.put(allocated, 2);
    out.put(hostHolds, 2);
    out.put(withdrawnTo, 2);
    out.put(clearing, 2);
    out.put(edges, 2);
    out.put(reclaimsLeft, 2);
    out.put(signalsLeft, 2);
    out.put(touched, 2);
    out.put(early, 2);
    out.put(untouched, 2);
    out.put(bit(isClosed) | bit(isFreed) << 1 | bit(mayClose) << 2 | bit(safepoint) << 3, 4);
    out.putAll(deviceHolds, DEVICES, 2);
    out.putAll(producer, DEVICES, 3);
    out.put(writes, 3);
    out.put(kernels, KNOWN_BITS);
    out.put(discards, KNOWN_BITS);
    out.put(common, KNOWN_BITS);
  }

  private void packActors(long[] target) {
    Packer out = new Packer(target, ACTORS_WORD);
    out.putAll(phase, ACTORS, Phase.BITS);
    out.putAll(from, ACTORS, 4);
    out.putAll(awaited, ACTORS, 3);
    out.putAll(wanted, ACTORS, 2);
    out.putAll(mine, ACTORS, 2);
    out.putAll(at, ACTORS, 2);
    out.putAll(reading, ACTORS, 2);
    out.putAll(woken, ACTORS, 2);
    out.putAll(noted, ACTORS, 2);
    out.putAll(kernel, THREADS, 2);
    out.putAll(access, THREADS, 2);
    out.putAll(accessCell, THREADS, 2);
    out.putAll(launchesLeft, THREADS, 2);
    out.putAll(storesLeft, THREADS, 2);
    out.putAll(evictionsLeft, THREADS, 2);
    out.putAll(discardsLeft, THREADS, 2);
    out.putAll(act, THREADS, 3);
    out.putAll(number, THREADS, 3);
    out.putAll(accessWrite, THREADS, 3);
    out.putAll(known, THREADS, KNOWN_BITS);
    out.putAll(knownAtLaunch, THREADS, KNOWN_BITS);
    out.putAll(cells, WRITES + 1, CELLS);
  }

  @Override
  public void unpack(long[] packed) {
    unpackQueues(packed);
    unpackMemory(packed);
    unpackActors(packed);
    new Packer(packed, BEFORE_WORD).getAll(before, WRITES + 1, KNOWN_BITS);
    violation = null;
    journal = null;
  }

  private void unpackQueues(long[] packed) {
    Packer in = new Packer(packed, QUEUES_WORD);
    queue[0] = in.get(QUEUE_BITS);
    queue[1] = in.get(QUEUE_BITS);
    events = in.get(2 * Byte.SIZE);
  }

  private void unpackMemory(long[] packed) {
    Packer in = new Packer(packed, MEMORY_WORD);
    in.getAll(word, PAGES, 4);
    in.getAll(entry, PAGES, 2);
    in.getAll(frame, CELLS, 4);
    in.getAll(window, DEVICES * CELLS, 4);
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
    int bits = in.getInt(4);
    isClosed = has(bits, 0);
    isFreed = has(bits, 1);
    mayClose = has(bits, 2);
    safepoint = has(bits, 3);
    in.getAll(deviceHolds, DEVICES, 2);
    in.getAll(producer, DEVICES, 3);
    writes = in.getInt(3);
    kernels = in.getInt(KNOWN_BITS);
    discards = in.getInt(KNOWN_BITS);
    common = in.getInt(KNOWN_BITS);
  }

  private void unpackActors(long[] packed) {
    Packer in = new Packer(packed, ACTORS_WORD);
    in.getAll(phase, ACTORS, Phase.BITS);
    in.getAll(from, ACTORS, 4);
    in.getAll(awaited, ACTORS, 3);
    in.getAll(wanted, ACTORS, 2);
    in.getAll(mine, ACTORS, 2);
    in.getAll(at, ACTORS, 2);
    in.getAll(reading, ACTORS, 2);
    in.getAll(woken, ACTORS, 2);
    in.getAll(noted, ACTORS, 2);
    in.getAll(kernel, THREADS, 2);
    in.getAll(access, THREADS, 2);
    in.getAll(accessCell, THREADS, 2);
    in.getAll(launchesLeft, THREADS, 2);
    in.getAll(storesLeft, THREADS, 2);
    in.getAll(evictionsLeft, THREADS, 2);
    in.getAll(discardsLeft, THREADS, 2);
    in.getAll(act, THREADS, 3);
    in.getAll(number, THREADS, 3);
    in.getAll(accessWrite, THREADS, 3);
    in.getAll(known, THREADS, KNOWN_BITS);
    in.getAll(knownAtLaunch, THREADS, KNOWN_BITS);
    in.getAll(cells, WRITES + 1, CELLS);
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
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
