package io.samepage.coherence.lease;

import io.samepage.Access;

/**
 * A half-open run of bytes of one range, and what is done with it.
 *
 * @param firstByte its first byte, from the start of the range
 * @param endByte behind its last byte
 * @param access what is done with it
 */
public record Span(long firstByte, long endByte, Access access) {
  /**
   * Whether two spans of one range share a byte.
   *
   * @param other the other span
   * @return whether they do
   */
  public boolean sharesByte(Span other) {
    return firstByte < other.endByte && other.firstByte < endByte;
  }

  /**
   * Whether two spans of one range touch a common page.
   *
   * @param other the other span
   * @param pageSizeBytes the size of a page
   * @return whether they do
   */
  public boolean sharesPage(Span other, int pageSizeBytes) {
    return firstPage(pageSizeBytes) < other.endPage(pageSizeBytes) && other.firstPage(pageSizeBytes) < endPage(pageSizeBytes);
  }

  /**
   * The first page that the span touches.
   *
   * @param pageSizeBytes the size of a page
   * @return the page
   */
  public long firstPage(int pageSizeBytes) {
    return firstByte / pageSizeBytes;
  }

  /**
   * Behind the last page that the span touches.
   *
   * @param pageSizeBytes the size of a page
   * @return the page
   */
  public long endPage(int pageSizeBytes) {
    return Math.ceilDiv(endByte, pageSizeBytes);
  }
}
