package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** The commands in a device's queue, as the numbers that they are in a {@link Fifo}. */
final class FaultCommand {
  private static final int KERNEL = 0x80;
  private static final int UPLOAD = 0x40;
  private static final int EDGE = 0x08;
  private static final int ZERO = 0x20;

  private FaultCommand() {}

  static int kernel(int index, int number) {
    return KERNEL | index << 3 | number;
  }

  /** Cells of one page go from the frame to the window. */
  static int upload(int page, int parts, boolean isEdge) {
    return UPLOAD | (isEdge ? EDGE : 0) | page << 2 | parts;
  }

  /** A page of the window is zeroed, as a discard has left it. */
  static int zero(int page, int number) {
    return ZERO | page << 3 | number;
  }

  static boolean isZero(int command) {
    return (command & (KERNEL | UPLOAD | ZERO)) == ZERO;
  }

  static int zeroedPage(int command) {
    return command >> 3 & 1;
  }

  static boolean isKernel(int command) {
    return (command & KERNEL) != 0;
  }

  static boolean isEdge(int command) {
    return !isKernel(command) && !isZero(command) && (command & EDGE) != 0;
  }

  static int index(int command) {
    return command >> 3 & 3;
  }

  static int number(int command) {
    return command & 7;
  }

  static int page(int command) {
    return command >> 2 & 1;
  }

  static int parts(int command) {
    return command & 3;
  }

  /** How many commands are in the queue up to a kernel, 0 if it has run. */
  static int countToKernel(long queue, int number) {
    int count = 1;
    for (long rest = queue; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest), count++) {
      int command = Fifo.head(rest);
      if (isKernel(command) && number(command) == number) {
        return count;
      }
    }
    return 0;
  }

  /** How many commands are in the queue up to the last one that sends edges, 0 if there is none. */
  static int countToEdge(long queue) {
    int found = 0;
    int count = 1;
    for (long rest = queue; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest), count++) {
      found = isEdge(Fifo.head(rest)) ? count : found;
    }
    return found;
  }
}
