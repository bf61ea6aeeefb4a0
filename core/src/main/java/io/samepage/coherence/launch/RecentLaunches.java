package io.samepage.coherence.launch;

import io.samepage.Argument;
import io.samepage.Grid;
import io.samepage.Slice;
import io.samepage.SplitArgument;
import io.samepage.UnifiedRange;
import java.util.function.Supplier;

/**
 * What the last launches of a kernel were taken for, so that one that is repeated need not be checked again: programs launch in loops.
 * The two that were found or kept last are there, as many programs take turns with two buffers. Safe for use by several threads.
 *
 * @param <T> what a launch is taken for
 */
final class RecentLaunches<T> {
  private record Known<T>(Grid grid, Object[] arguments, T taken) {}

  private volatile Known<T> newest;
  private volatile Known<T> older;

  /**
   * Finds a launch.
   *
   * @param grid its work items
   * @param arguments its arguments
   * @return what it was taken for; null if it isn't known, or has arguments whose meaning can change
   */
  T find(Grid grid, Object[] arguments) {
    Known<T> first = newest;
    if (first == null) {
      return null;
    }
    if (isSame(first, grid, arguments)) {
      return first.taken;
    }
    Known<T> second = older;
    if (second == null || !isSame(second, grid, arguments)) {
      return null;
    }
    // Of two threads that do this at a time one may lose what the other has kept: then it is checked once more.
    older = first;
    newest = second;
    return second.taken;
  }

  /**
   * Keeps a launch that was not found, if it can be found again.
   *
   * @param grid its work items
   * @param arguments its arguments; nobody changes the array
   * @param taken makes what it was taken for, which keeps nothing that is in flight
   */
  void keep(Grid grid, Object[] arguments, Supplier<T> taken) {
    for (Object argument : arguments) {
      if (!isSame(argument, argument)) {
        return;
      }
    }
    older = newest;
    newest = new Known<>(grid, arguments, taken.get());
  }

  private static boolean isSame(Known<?> known, Grid grid, Object[] arguments) {
    if (known.arguments.length != arguments.length || !known.grid.equals(grid)) {
      return false;
    }
    for (int i = 0; i < arguments.length; i++) {
      if (!isSame(known.arguments[i], arguments[i])) {
        return false;
      }
    }
    return true;
  }

  /** Segments are the same only until their arena is closed, and their bytes can change: those are always looked at. */
  private static boolean isSame(Object known, Object given) {
    return switch (given) {
      case Argument.Memory(Slice slice, var access) ->
          known instanceof Argument.Memory(Slice other, var otherAccess) && access == otherAccess && isSame(other, slice);
      case Slice slice -> known instanceof Slice other && isSame(other, slice);
      case UnifiedRange range -> range == known;
      case SplitArgument.Sliced(Object memory, long itemSizeBytes) ->
          known instanceof SplitArgument.Sliced(Object other, long otherBytes) && itemSizeBytes == otherBytes && isSame(other, memory);
      case SplitArgument.FirstItem _ -> known instanceof SplitArgument.FirstItem;
      case SplitArgument.ItemCount _ -> known instanceof SplitArgument.ItemCount;
      case Argument.Value(Object value) -> known instanceof Argument.Value(Object other) && isSameValue(other, value);
      case Argument.Local(long sizeBytes) -> known instanceof Argument.Local(long otherBytes) && sizeBytes == otherBytes;
      case null -> false;
      default -> isSameValue(known, given);
    };
  }

  private static boolean isSame(Slice known, Slice given) {
    return known.range() == given.range() && known.offsetBytes() == given.offsetBytes() && known.sizeBytes() == given.sizeBytes();
  }

  /** By their bits, as to {@code equals} one NaN is another. */
  private static boolean isSameValue(Object known, Object given) {
    return switch (given) {
      case Float f -> known instanceof Float other && Float.floatToRawIntBits(f) == Float.floatToRawIntBits(other);
      case Double d -> known instanceof Double other && Double.doubleToRawLongBits(d) == Double.doubleToRawLongBits(other);
      case Integer _, Long _, Short _, Byte _, Character _, Boolean _ -> given.equals(known);
      default -> false;
    };
  }
}
