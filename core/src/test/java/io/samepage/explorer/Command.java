package io.samepage.explorer;

import io.samepage.explorer.engine.Fifo;

/**
 * A command in a device's own queue, and as the number it is in a {@link Fifo}.
 *
 * @param kind what the device does
 * @param page on which page, 0 where that says nothing
 * @param operation for whom, by number
 */
record Command(Kind kind, int page, int operation) {
  enum Kind {
    /** Copies a page from the host. */
    UPLOAD,
    /** Makes a page by zeroing. */
    ZERO,
    /** Copies a page to the host. */
    DOWNLOAD,
    /** Copies a page from the other device. */
    PEER_COPY,
    /** Tells who waits for it that all before it is done. */
    FENCE
  }

  private static final Kind[] KINDS = Kind.values();
  private static final int OPERATIONS = 8;

  static Command of(int number) {
    int rest = number - 1;
    return new Command(KINDS[rest / OPERATIONS / Small.PAGES], rest / OPERATIONS % Small.PAGES, rest % OPERATIONS);
  }

  int number() {
    return 1 + (kind.ordinal() * Small.PAGES + page) * OPERATIONS + operation;
  }
}
