package io.samepage.explorer.faults;

/** What four bits of a word say of a page, as samepage.h numbers it. */
final class Nibble {
  static final int CLOSED = 0;
  static final int HOSTU = 1;
  static final int HOSTM = 2;
  static final int BUSY = 3;
  static final int BUSYW = 4;
  static final int FETCH = 5;
  static final int FETCHW = 6;
  static final int DEV0 = 8;

  private static final String[] NAMES = {"CLOSED", "HOSTU", "HOSTM", "BUSY", "BUSYW", "FETCH", "FETCHW", "POISON", "DEV0", "DEV1"};

  private Nibble() {}

  static boolean isBusy(int nibble) {
    return nibble == BUSY || nibble == BUSYW;
  }

  static boolean isFetch(int nibble) {
    return nibble == FETCH || nibble == FETCHW;
  }

  static boolean isClaimed(int nibble) {
    return isBusy(nibble) || isFetch(nibble);
  }

  static boolean isWaited(int nibble) {
    return nibble == BUSYW || nibble == FETCHW;
  }

  static boolean isDevice(int nibble) {
    return nibble >= DEV0;
  }

  /** Whether the frame is valid. */
  static boolean isHost(int nibble) {
    return nibble == HOSTU || nibble == HOSTM || isBusy(nibble);
  }

  /** A page whose bytes a store may have changed since they were last looked at. */
  static boolean mayBeWritten(int nibble) {
    return nibble == HOSTM || isBusy(nibble);
  }

  /** The same claim, with somebody to be woken at its end. */
  static int waited(int claim) {
    return isBusy(claim) ? BUSYW : FETCHW;
  }

  static String name(int nibble) {
    return NAMES[nibble];
  }
}
