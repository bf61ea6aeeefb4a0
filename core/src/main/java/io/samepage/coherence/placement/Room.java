package io.samepage.coherence.placement;

/** What came of making room. */
enum Room {
  /** There is room, or more than there was. */
  MADE,
  /** Somebody is on his way to what would have to go. */
  CONTENDED,
  /** Nobody gives way. */
  NONE
}
