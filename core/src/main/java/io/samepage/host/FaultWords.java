package io.samepage.host;

/** The words of the fault table, four bits a page, as samepage.h has them: pure functions. Masks have a bit for each of 16 pages. */
final class FaultWords {
  static final int PAGE_BYTES = 4096;
  static final int UNIT_PAGES = 16;
  static final long UNIT_BYTES = (long) PAGE_BYTES * UNIT_PAGES;
  static final int BLOCK_UNITS = 32;
  static final int BLOCK_PAGES = BLOCK_UNITS * UNIT_PAGES;
  static final long BLOCK_BYTES = UNIT_BYTES * BLOCK_UNITS;

  static final int HOSTU = 1;
  static final int FETCH = 5;
  static final int FETCHW = 6;
  static final int POISON = 7;
  static final int DEV0 = 8;
  /** The most devices that words can name. */
  static final int DEVICES = 8;

  private static final long ONES = 0x1111_1111_1111_1111L;
  /** Words are stored exclusive-or this. */
  private static final long UNTOUCHED = ONES;

  private FaultWords() {}

  static long decoded(long stored) {
    return stored ^ UNTOUCHED;
  }

  /** As it is stored: all pages in one state. */
  static long storedUniform(int state) {
    return ONES * state ^ UNTOUCHED;
  }

  static int pagesIn(long word, int state) {
    long differs = word ^ ONES * state;
    differs |= differs >>> 2;
    differs |= differs >>> 1;
    return (int) Long.compress(~differs, ONES);
  }

  /** HOSTU, HOSTM, BUSY, BUSYW: 1 to 4. */
  static int valid(long word) {
    long low = word | word >>> 1;
    long isFour = word >>> 2 & ~low;
    long isOneToThree = low & ~(word >>> 2);
    return (int) Long.compress((isFour | isOneToThree) & ~(word >>> 3), ONES);
  }

  static int poisoned(long word) {
    return pagesIn(word, POISON);
  }

  /** What only a device has, and what is being fetched from some device. */
  static int lacking(long word, int device) {
    return pagesIn(word, DEV0 + device) | pagesIn(word, FETCH) | pagesIn(word, FETCHW);
  }

  static int fetching(long word) {
    return pagesIn(word, FETCH) | pagesIn(word, FETCHW);
  }
}
