package io.samepage.testkit;

import io.samepage.Access;
import io.samepage.testkit.PlainModel.ModelRange;
import io.samepage.testkit.PlainModel.ModelSlice;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Random sizes and slices, most of them where mistakes are likely: at the borders of pages, of 2 MiB blocks, and of ranges. */
final class Picks {
  private static final int BLOCK = 2 << 20;
  private static final int SMALL_RANGE_PAGES = 12;
  /** Few, because some drivers compile a kernel anew for each number of items. */
  private static final int[] ITEMS = {1, 2, 3, 16, 64, 100, 256, 1000, 1024, 2048};

  private final SplittableRandom random;
  private final PlainModel model;

  Picks(long seed, PlainModel model) {
    random = new SplittableRandom(seed);
    this.model = model;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** {@return true once in so many times} */
  boolean onceIn(int times) {
    return random.nextInt(times) == 0;
  }

  byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  Access access() {
    return Access.values()[random.nextInt(3)];
  }

  int rangeSize(int slot) {
    int page = (int) model.page();
    if (slot == 0) {
      return BLOCK - page + random.nextInt(2 * BLOCK);
    }
    return switch (random.nextInt(4)) {
      case 0 -> 1 + random.nextInt(64);
      case 1 -> 1 + random.nextInt(page + 8);
      case 2 -> page * (1 + random.nextInt(SMALL_RANGE_PAGES));
      default -> 1 + random.nextInt(page * SMALL_RANGE_PAGES);
    };
  }

  /** {@return a slice of any live range, empty if there is none} */
  Optional<ModelSlice> slice() {
    List<ModelRange> live = model.live();
    if (live.isEmpty()) {
      return Optional.empty();
    }
    ModelRange range = live.get(random.nextInt(live.size()));
    int size = Math.min(sliceSize(range.bytes().length), range.bytes().length);
    return Optional.of(new ModelSlice(range, offset(range, size, 1), size));
  }

  /** {@return a slice that a device has written, if that was not long ago; else any, empty if there is none} */
  Optional<ModelSlice> sliceOfDevice() {
    List<ModelSlice> written = model.writtenByDevices();
    return written.isEmpty() ? slice() : Optional.of(written.get(random.nextInt(written.size())));
  }

  /** {@return a slice of so many elements of any live range that is large enough, empty if there is none} */
  Optional<ModelSlice> slice(int items, int elementSize) {
    int size = items * elementSize;
    List<ModelRange> live = model.live().stream().filter(range -> range.bytes().length >= size).toList();
    if (live.isEmpty()) {
      return Optional.empty();
    }
    ModelRange range = live.get(random.nextInt(live.size()));
    return Optional.of(new ModelSlice(range, offset(range, size, elementSize), size));
  }

  int items() {
    return ITEMS[random.nextInt(ITEMS.length)];
  }

  private int sliceSize(int rangeSize) {
    return switch (random.nextInt(64)) {
      case 0 -> rangeSize;
      case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 -> 1 + random.nextInt(8);
      case 11, 12, 13, 14, 15, 16, 17, 18 -> (int) model.page() * (1 + random.nextInt(3));
      case 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30 -> 1 + random.nextInt(3 * (int) model.page());
      default -> 1 + random.nextInt(300);
    };
  }

  private int offset(ModelRange range, int size, int multiple) {
    int last = range.bytes().length - size;
    int page = (int) model.page();
    int near = random.nextInt(3) * 4 - random.nextInt(2) * size;
    int offset = switch (random.nextInt(6)) {
      case 0 -> last;
      case 1, 2 -> random.nextInt(last + 1);
      case 3 -> random.nextInt(1 + last / BLOCK + 1) * BLOCK + near;
      default -> random.nextInt(1 + last / page + 1) * page + near;
    };
    return Math.clamp(offset, 0, last) / multiple * multiple;
  }
}
