package io.samepage.testkit;

/** What came of a random operation. */
enum Outcome {
  DONE(Tally.NOTHING),
  CONFLICT(Tally.CONFLICT),
  OVERLAP(Tally.OVERLAP),
  OUT_OF_MEMORY(Tally.OUT_OF_MEMORY),
  /** The device has memory for the slice already. */
  THERE(Tally.NOTHING);

  private final Tally tally;

  Outcome(Tally tally) {
    this.tally = tally;
  }

  Tally tally() {
    return tally;
  }
}
