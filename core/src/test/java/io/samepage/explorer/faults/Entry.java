package io.samepage.explorer.faults;

/** What the system knows of a page in the user view. */
final class Entry {
  /** Nothing: counts as written. */
  static final int NONE = 0;
  /** Not present, and not written since it was last scanned. */
  static final int MARKER = 1;
  /** Present and write-protected. */
  static final int CLEAN = 2;
  /** Present and written. */
  static final int WRITTEN = 3;

  private static final String[] NAMES = {"none", "marker", "clean", "written"};

  private Entry() {}

  static boolean isPresent(int entry) {
    return entry >= CLEAN;
  }

  static boolean countsAsWritten(int entry) {
    return entry == NONE || entry == WRITTEN;
  }

  static int scanned(int entry) {
    return isPresent(entry) ? CLEAN : MARKER;
  }

  static int unmapped(int entry) {
    return entry == WRITTEN ? NONE : entry == CLEAN ? MARKER : entry;
  }

  static String name(int entry) {
    return NAMES[entry];
  }
}
