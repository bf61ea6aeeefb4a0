package io.samepage.testkit.process;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;

import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A thread of a storm. It has devices write runs of its own pages, touches some of them in any order, compares each with a model of it to
 * the last byte, and stores to some, which the next kernel is to find.
 */
final class StormToucher {
  private static final int RUN_PAGES_MOST = 128;
  private static final int UNIT_PAGES = 16;

  private final int number;
  private final UnifiedMemory memory;
  private final MemorySegment own;
  /** What must be there. */
  private final MemorySegment model;
  private final long pages;
  private final SplittableRandom random;
  private volatile long rounds;
  private volatile long checkedPages;

  StormToucher(int number, UnifiedMemory memory, MemorySegment own, long seed) {
    this.number = number;
    this.memory = memory;
    this.own = own;
    pages = own.byteSize() / StormKernels.PAGE_BYTES;
    model = MemorySegment.ofArray(new long[(int) (own.byteSize() / Long.BYTES)]);
    random = new SplittableRandom(seed + number);
  }

  long rounds() {
    return rounds;
  }

  long checkedPages() {
    return checkedPages;
  }

  /** Goes on until it is told to stop, then checks all of its pages. */
  void run(BooleanSupplier isOver) {
    while (!isOver.getAsBoolean()) {
      round();
      rounds++;
    }
    for (long page = 0; page < pages; page++) {
      check(page);
    }
  }

  private void round() {
    long first = random.nextLong(pages);
    long end = first + 1 + random.nextLong(Math.min(pages - first, RUN_PAGES_MOST));
    launch(first, end);
    boolean inOrder = random.nextInt(4) == 0;
    for (long unit = first / UNIT_PAGES; unit <= (end - 1) / UNIT_PAGES; unit++) {
      long at = inOrder ? unit * UNIT_PAGES : random.nextLong(first, end);
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        touch(Math.clamp(at + random.nextInt(UNIT_PAGES), first, end - 1));
      }
    }
  }

  private void touch(long page) {
    check(page);
    if (random.nextInt(3) == 0) {
      store(page);
    }
  }

  private void launch(long first, long end) {
    Device device = memory.devices().get(random.nextInt(memory.devices().size()));
    long bytes = StormKernels.PAGE_BYTES;
    MemorySegment run = own.asSlice(first * bytes, (end - first) * bytes);
    MemorySegment runOfModel = model.asSlice(first * bytes, (end - first) * bytes);
    if (random.nextInt(3) == 0) {
      long by = random.nextLong(1000);
      device.kernel(StormKernels.SOURCE, "bump").launch(Grid.of(end - first), inOut(run), value(by));
      StormKernels.bump(runOfModel, 0, end - first, by);
    } else {
      long stamp = rounds + 1;
      device.kernel(StormKernels.SOURCE, "stamp").launch(Grid.of(end - first), out(run), value(stamp));
      StormKernels.stamp(runOfModel, 0, end - first, stamp);
    }
  }

  private void store(long page) {
    long at = page * StormKernels.PAGE_BYTES + Long.BYTES * random.nextLong(StormKernels.PAGE_BYTES / Long.BYTES);
    long stored = random.nextLong();
    own.set(ValueLayout.JAVA_LONG, at, stored);
    model.set(ValueLayout.JAVA_LONG, at, stored);
  }

  private void check(long page) {
    long from = page * StormKernels.PAGE_BYTES;
    long to = from + StormKernels.PAGE_BYTES;
    long at = MemorySegment.mismatch(own, from, to, model, from, to);
    if (at >= 0) {
      long word = from + at / Long.BYTES * Long.BYTES;
      throw new AssertionError("Not what was written there: toucher=" + number + ", page=" + page + ", offset=" + at + ", round=" + rounds
          + ", found=" + Long.toHexString(own.get(ValueLayout.JAVA_LONG, word)) + ", expected="
          + Long.toHexString(model.get(ValueLayout.JAVA_LONG, word)));
    }
    checkedPages++;
  }
}
