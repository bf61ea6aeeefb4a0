package io.samepage.explorer.engine;

/** Short queues of small positive numbers, packed in a {@code long}: a byte each, the oldest in the lowest, 0 behind the newest. */
public final class Fifo {
  public static final long EMPTY = 0;
  public static final int LENGTH_MAX = 7;

  private Fifo() {}

  public static long add(long fifo, int element) {
    int length = length(fifo);
    if (length == LENGTH_MAX) {
      throw new IllegalStateException("The scenario is too large: a queue holds at most " + LENGTH_MAX + " elements");
    }
    return fifo | (long) element << length * Byte.SIZE;
  }

  public static int length(long fifo) {
    return (Long.SIZE - Long.numberOfLeadingZeros(fifo) + Byte.SIZE - 1) / Byte.SIZE;
  }

  public static int head(long fifo) {
    return (int) (fifo & 0xff);
  }

  public static long withoutHead(long fifo) {
    return fifo >>> Byte.SIZE;
  }

  public static boolean contains(long fifo, int element) {
    return without(fifo, element) != fifo;
  }

  /** The queue without an element, the same if it is not there. */
  public static long without(long fifo, int element) {
    for (int shift = 0; fifo >>> shift != 0; shift += Byte.SIZE) {
      if ((int) (fifo >>> shift & 0xff) == element) {
        long older = fifo & (1L << shift) - 1;
        return older | fifo >>> shift >>> Byte.SIZE << shift;
      }
    }
    return fifo;
  }
}
