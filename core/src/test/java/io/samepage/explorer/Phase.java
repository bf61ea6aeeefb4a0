package io.samepage.explorer;

/** Where a thread is in its act: the step it takes next. Each is what the real code does under one hold of a lock, or one submission. */
enum Phase {
  /** Takes the claim, or queues for it; a host lease that may come behind launches looks whether a copy was given up. */
  HOLD,
  /** Takes the claim, or queues for it, of a host lease that waits for launches. */
  HOLD_BEHIND_NONE,
  /** The same of one that comes behind them. */
  HOLD_BEHIND,
  /** Asks the directory what is missing and where it is. */
  PLAN,
  /** Enqueues copies from device 1. */
  COPY_FROM_1,
  /** Enqueues copies from device 2. */
  COPY_FROM_2,
  /** Enqueues copies behind launches of device 1. */
  COPY_BEHIND_1,
  /** Enters these. */
  ENTER_COPY_1,
  /** Enqueues copies behind launches of device 2. */
  COPY_BEHIND_2,
  /** Enters these. */
  ENTER_COPY_2,
  /** Waits for launches and copies, and enters in the directory what was copied. */
  AWAIT_BEHIND,
  /** Waits for the copies and enters them in the directory. */
  ENTER_COPIES,
  /** Enqueues what comes from the host, and the kernel. */
  ENQUEUE,
  /** After a kernel was refused: waits for its uploads. */
  SETTLE,
  /** Waits for what came from the host and enters it. */
  ENTER_ARRIVALS,
  /** Enters the launch. */
  ENTER_LAUNCH,
  /** Lets others use the pages. */
  PREPARE,
  /** Reads and writes through an open lease. */
  USE,
  /** Enters what was written, drops the claim. */
  CLOSE,
  /** Only where a defect splits the closing: enters what was written, with no claim any more. */
  CLOSE_LATE,
  /** Drops an evicted copy and frees its window. */
  GIVE_BACK,
  /** After the frames of discarded pages were dropped: enters that nobody has written them. */
  ENTER_DISCARD,
  /** Drops the claim of an eviction or discard. */
  UNCLAIM;

  private static final Phase[] ALL = values();

  static final int BITS = 5;

  static Phase of(int ordinal) {
    return ALL[ordinal];
  }
}
