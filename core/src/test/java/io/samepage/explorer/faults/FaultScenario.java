package io.samepage.explorer.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A small world: its size, the kernels that there are, and how often each thing may happen. */
final class FaultScenario {
  static final int ALL = 0xFF;

  final String name;
  final int pages;
  /** How many cells a page has: two where slices cover pages in part. */
  final int parts;
  int devices = 1;
  /** Devices whose windows are memory of the process, and whose kernels have run before anything is withdrawn. */
  int immediate;
  /** Devices without memory of their own: their kernels use the frames. */
  int shared;
  final List<FaultKernel> kernels = new ArrayList<>();
  final int[] launches = new int[FaultWorld.THREADS];
  /** Which kernels a thread may launch. */
  final int[] launchable = new int[FaultWorld.THREADS];
  final int[] stores = new int[FaultWorld.THREADS];
  final int[] storable = new int[FaultWorld.THREADS];
  /** Which pages a thread may load from. */
  final int[] loadable = new int[FaultWorld.THREADS];
  final int[] evictions = new int[FaultWorld.THREADS];
  final int[] discards = new int[FaultWorld.THREADS];
  /** The pages that threads discard; whether in the frames that they have. */
  int discarded;
  boolean keepsFrames;
  int closer = -1;
  int reclaims;
  int signals;
  boolean safepoints;
  boolean synchronizes;
  boolean unmaps;
  /** Whether a touch counts as one of a sequence, so that the handler maps all that it brings. */
  boolean inOrder;
  int startNibble = Nibble.HOSTU;
  final Set<Rule> rules = EnumSet.allOf(Rule.class);

  private FaultScenario(String name, int pages, int parts) {
    this.name = name;
    this.pages = pages;
    this.parts = parts;
    Arrays.fill(launchable, ALL);
    Arrays.fill(storable, ALL);
    Arrays.fill(loadable, ALL);
  }

  /** Pages of one cell. */
  static FaultScenario pages(String name, int pages) {
    return new FaultScenario(name, pages, 1);
  }

  /** One page of two cells. */
  static FaultScenario parts(String name) {
    return new FaultScenario(name, 1, 2);
  }

  FaultScenario kernels(FaultKernel... more) {
    kernels.addAll(List.of(more));
    devices = kernels.stream().mapToInt(FaultKernel::device).max().orElse(0) + 1;
    return this;
  }

  FaultScenario launches(int first, int second) {
    launches[0] = first;
    launches[1] = second;
    return this;
  }

  /** Thread 1 launches kernel 1 alone, thread 0 kernel 0 alone. */
  FaultScenario ownKernels() {
    launchable[0] = 1;
    launchable[1] = 2;
    return this;
  }

  FaultScenario stores(int first, int second) {
    stores[0] = first;
    stores[1] = second;
    return this;
  }

  /** To which cells each thread stores. */
  FaultScenario storable(int first, int second) {
    storable[0] = first;
    storable[1] = second;
    return this;
  }

  /** From which pages each thread loads. */
  FaultScenario loadable(int first, int second) {
    loadable[0] = first;
    loadable[1] = second;
    return this;
  }

  FaultScenario evictions(int first, int second) {
    evictions[0] = first;
    evictions[1] = second;
    return this;
  }

  /** Threads discard pages so often. */
  FaultScenario discards(int pages, int first, int second) {
    discarded = pages;
    discards[0] = first;
    discards[1] = second;
    return this;
  }

  /** What is discarded is zeroed in place. */
  FaultScenario keepsFrames() {
    keepsFrames = true;
    return this;
  }

  FaultScenario closes(int thread) {
    closer = thread;
    return this;
  }

  FaultScenario immediate() {
    immediate = 1;
    return this;
  }

  /** A device uses the host's pages. */
  FaultScenario sharing(int device) {
    shared |= 1 << device;
    return this;
  }

  boolean shares(int device) {
    return FaultWorld.has(shared, device);
  }

  FaultScenario reclaims(int times) {
    reclaims = times;
    return this;
  }

  FaultScenario signals(int times) {
    signals = times;
    return this;
  }

  FaultScenario safepoints() {
    safepoints = true;
    return this;
  }

  /** Threads may learn from each other what they know. */
  FaultScenario synchronizes() {
    synchronizes = true;
    return this;
  }

  FaultScenario unmaps() {
    unmaps = true;
    return this;
  }

  FaultScenario inOrder() {
    inOrder = true;
    return this;
  }

  /** All pages are on device 0 at first, mapped nowhere. */
  FaultScenario startsOnDevice() {
    startNibble = Nibble.DEV0;
    return this;
  }

  FaultScenario without(Rule rule) {
    rules.remove(rule);
    return this;
  }

  boolean keeps(Rule rule) {
    return rules.contains(rule);
  }

  int allPages() {
    return (1 << pages) - 1;
  }

  /** The cells of a page, as a mask. */
  int cellsOf(int page) {
    return (1 << parts) - 1 << page * FaultWorld.PARTS;
  }

  int cellsOfAll(int pagesMask) {
    int cells = 0;
    for (int page = 0; page < pages; page++) {
      cells |= FaultWorld.has(pagesMask, page) ? cellsOf(page) : 0;
    }
    return cells;
  }

  int pagesOf(int cells) {
    int mask = 0;
    for (int page = 0; page < pages; page++) {
      mask |= (cells & cellsOf(page)) != 0 ? 1 << page : 0;
    }
    return mask;
  }

  int writtenPages(FaultKernel kernel) {
    return pagesOf(kernel.declares());
  }

  /** Pages that a kernel writes, but not as a whole. */
  int partialPages(FaultKernel kernel) {
    int mask = 0;
    for (int page = 0; page < pages; page++) {
      int declared = kernel.declares() & cellsOf(page);
      mask |= declared != 0 && declared != cellsOf(page) ? 1 << page : 0;
    }
    return mask;
  }

  /** What a device can't do without, and what must not be elsewhere once it writes: of the frames, all. */
  int pagesToBring(FaultKernel kernel) {
    boolean overwritesFrames = shares(kernel.device()) && keeps(Rule.COPIES_WHAT_IS_OVERWRITTEN_IN_PLACE);
    return neededPages(kernel) | (overwritesFrames ? writtenPages(kernel) : 0);
  }

  /** Claim.neededPages. */
  int neededPages(FaultKernel kernel) {
    return pagesOf(kernel.reads()) | (keeps(Rule.NEEDS_PAGES_WRITTEN_IN_PART) ? partialPages(kernel) : 0);
  }

  @Override
  public String toString() {
    return name;
  }
}
