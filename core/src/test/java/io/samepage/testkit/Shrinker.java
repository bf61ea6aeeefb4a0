package io.samepage.testkit;

import java.util.Arrays;
import java.util.function.Predicate;

/** Makes a failing list of operations short, by leaving out ever smaller pieces as long as it goes on failing. */
final class Shrinker {
  private final Predicate<long[]> fails;
  private final long deadlineNanos;

  Shrinker(Predicate<long[]> fails, long budgetNanos) {
    this.fails = fails;
    deadlineNanos = System.nanoTime() + budgetNanos;
  }

  long[] shrink(long[] failing) {
    long[] best = failing;
    for (int piece = Math.max(1, failing.length / 2); piece >= 1; piece /= 2) {
      best = withoutPieces(best, piece);
    }
    return best;
  }

  private long[] withoutPieces(long[] failing, int piece) {
    long[] best = failing;
    for (int end = best.length; end > 0 && System.nanoTime() < deadlineNanos; end -= piece) {
      int start = Math.max(0, end - piece);
      long[] shorter = without(best, start, Math.min(end, best.length));
      if (shorter.length > 0 && fails.test(shorter)) {
        best = shorter;
      }
    }
    return best;
  }

  private static long[] without(long[] operations, int start, int end) {
    long[] rest = Arrays.copyOf(operations, operations.length - (end - start));
    System.arraycopy(operations, end, rest, start, operations.length - end);
    return rest;
  }
}
