package io.samepage;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * An argument that differs from part to part where a launch is split over devices ({@link SplitKernel#launch}). Made by the factories
 * below; import them statically. All other arguments are given to each part as they are.
 */
public sealed interface SplitArgument {
  /**
   * Memory of which each part is given the slice of its items.
   *
   * @param memory the memory of all items, as {@link Kernel#launch} takes it: a {@link Slice}, a {@link UnifiedRange}, a
   *     {@link MemorySegment}, or one of them in an {@link Argument} that declares what is done with it
   * @param itemSizeBytes how many bytes each item has, at least 1
   */
  record Sliced(Object memory, long itemSizeBytes) implements SplitArgument {
    /**
     * Checks what is given.
     *
     * @throws IllegalArgumentException if {@code memory} is something else, or {@code itemSizeBytes} is below 1
     */
    public Sliced {
      switch (Objects.requireNonNull(memory, "memory")) {
        case Slice _, UnifiedRange _, MemorySegment _, Argument.Memory _, Argument.Segment _ -> { }
        default -> throw new IllegalArgumentException("Memory can be sliced: a slice, range or segment, maybe by in, out or inOut: given="
            + memory.getClass().getName() + " " + memory);
      }
      if (itemSizeBytes < 1) {
        throw new IllegalArgumentException("An item has at least one byte: itemSizeBytes=" + itemSizeBytes);
      }
    }
  }

  /** The number of the part's first item. */
  record FirstItem() implements SplitArgument {}

  /** How many items the part has. */
  record ItemCount() implements SplitArgument {}

  /**
   * Memory of which each part is given the slice of its items: the work item with number {@code i} in the dimension that is split has the
   * bytes from {@code i * itemSizeBytes} on. Of a matrix that is stored by rows, items are rows.
   *
   * @param memory the memory of all items: as many bytes as they have. A slice, a range or a segment, maybe by {@code in}, {@code out} or
   *     {@code inOut}
   * @param itemSizeBytes how many bytes each item has, at least 1
   * @return the argument
   * @throws IllegalArgumentException if {@code memory} is something else, or {@code itemSizeBytes} is below 1
   */
  static SplitArgument sliced(Object memory, long itemSizeBytes) {
    return new Sliced(memory, itemSizeBytes);
  }

  /**
   * The number of the part's first item, for a parameter of type {@code int} or {@code long}: its work items are numbered from 0 on.
   *
   * @return the argument
   */
  static SplitArgument firstItem() {
    return new FirstItem();
  }

  /**
   * How many items the part has, for a parameter of type {@code int} or {@code long}: what a kernel guards with where groups are rounded
   * up.
   *
   * @return the argument
   */
  static SplitArgument itemCount() {
    return new ItemCount();
  }
}
