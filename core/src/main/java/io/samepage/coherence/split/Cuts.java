package io.samepage.coherence.split;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a run of items may be cut: between whole groups of them, and where all memory that is kept apart has a page border. Such places
 * come at even distances.
 */
public final class Cuts {
  /**
   * Memory that has so many bytes for each item, one behind the other.
   *
   * @param offsetBytes where the first item's bytes begin, counted from a page border
   * @param itemSizeBytes how many bytes each item has, at least 1
   */
  public record Slices(long offsetBytes, long itemSizeBytes) {
    private boolean isAtPageBorder(long item, long pageSizeBytes) {
      return (offsetBytes % pageSizeBytes + item % pageSizeBytes * (itemSizeBytes % pageSizeBytes)) % pageSizeBytes == 0;
    }
  }

  private final long items;
  /** The first place, which may be 0. */
  private final long first;
  /** From place to place; more than all items if there is none. */
  private final long step;

  private Cuts(long items, long first, long step) {
    this.items = items;
    this.first = first;
    this.step = step;
  }

  /**
   * The places for a run of items.
   *
   * @param items how many items there are, at least 1
   * @param groupItems how many of them stay together, counted from the first, at least 1
   * @param apart memory of which no two parts share a page
   * @param pageSizeBytes the size of a page
   * @return the places, which may be none
   */
  public static Cuts of(long items, long groupItems, List<Slices> apart, long pageSizeBytes) {
    long period = 1;
    for (Slices slices : apart) {
      period = leastCommonMultiple(period, pageSizeBytes / greatestCommonDivisor(pageSizeBytes, slices.itemSizeBytes % pageSizeBytes));
    }
    long groups = period / greatestCommonDivisor(period, groupItems);
    // No more places than groups to be tried: beyond, the borders lie as they did before.
    for (long group = 0; group < groups && group <= items / groupItems; group++) {
      long item = group * groupItems;
      if (apart.stream().allMatch(slices -> slices.isAtPageBorder(item, pageSizeBytes))) {
        return new Cuts(items, item, groupItems > items / groups ? Long.MAX_VALUE : groups * groupItems);
      }
    }
    return new Cuts(items, 0, Long.MAX_VALUE);
  }

  /**
   * Tells whether cuts can be had everywhere, nearly.
   *
   * @param parts how many parts are wanted
   * @return whether no border has to be moved by more than a sixteenth of a part to be at such a place
   */
  public boolean areFine(int parts) {
    return step <= items / parts / 8;
  }

  /**
   * Cuts where it comes nearest to some shares.
   *
   * @param shares how much each part is to have, beside the others; positive numbers
   * @return the borders in ascending order: 0, then the end of each part, the last of which is all items. Parts may be empty
   */
  public List<Long> borders(List<Double> shares) {
    double all = shares.stream().mapToDouble(Double::doubleValue).sum();
    List<Long> borders = new ArrayList<>(List.of(0L));
    double before = 0;
    for (double share : shares.subList(0, shares.size() - 1)) {
      before += share;
      borders.add(Math.max(borders.getLast(), nearest(Math.round(items * (before / all)))));
    }
    borders.add(items);
    return borders;
  }

  private long nearest(long item) {
    long below = item < first ? 0 : first + (item - first) / step * step;
    long above = item < first ? first : below > items - step ? items : below + step;
    return item - below < above - item ? below : above;
  }

  private static long leastCommonMultiple(long a, long b) {
    return a / greatestCommonDivisor(a, b) * b;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
