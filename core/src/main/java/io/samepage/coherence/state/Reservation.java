package io.samepage.coherence.state;

import io.samepage.node.Window;

/**
 * Address space of a device for all of a range, which stays as long as the range is there, so that no byte's address ever changes. What the
 * device needs of the range gets memory piece by piece, and each piece is evicted for itself.
 *
 * @param window the address space
 * @param pieceBytes the size of a piece, a multiple of the window's unit; the last one may be smaller. 0 once the pieces that a request
 *     needs had been too much for the device's budget, where its pages may not be: what is needed from then on gets windows of its own
 */
public record Reservation(Window window, long pieceBytes) {
  /** To be as many costs launches over all of a range no more than a fraction of a millisecond; more have to be larger. */
  private static final long MOST_PIECES = 1024;

  /**
   * The size of pieces of a range on a device.
   *
   * @param range the range
   * @param device the device
   * @return the size; 0 if the range is better off with windows of their own
   */
  public static long pieceBytes(CoherentRange range, CoherentDevice device) {
    long bytes = range.pages() * range.pageSizeBytes();
    long unitBytes = device.deviceNode().sparseUnitBytes();
    if (unitBytes == 0 || range.isSharedWith(device)) {
      return 0;
    }
    long pieceBytes = Math.max(unitBytes, range.hostSide().windowUnitPages() * (long) range.pageSizeBytes());
    while (Math.ceilDiv(bytes, pieceBytes) > MOST_PIECES) {
      pieceBytes *= 2;
    }
    return bytes < 2 * pieceBytes ? 0 : pieceBytes;
  }

  boolean isGivenUp() {
    return pieceBytes == 0;
  }

  Reservation givenUp() {
    return new Reservation(window, 0);
  }

  /**
   * The pages of a piece.
   *
   * @param range the range
   * @return how many
   */
  public int piecePages(CoherentRange range) {
    return Math.toIntExact(pieceBytes / range.pageSizeBytes());
  }
}
