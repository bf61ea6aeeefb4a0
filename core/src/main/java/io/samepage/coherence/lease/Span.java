package io.samepage.coherence.lease;

import io.samepage.Access;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A half-open run of bytes of one range, and what is done with it.
 *
 * @param firstByte its first byte, from the start of the range
 * @param endByte behind its last byte
 * @param access what is done with it
 */
public record Span(long firstByte, long endByte, Access access) {
  /**
   * Sorts spans by their first byte: by numbers that say where each is, as the spans themselves lie anywhere in memory. A lease on 16,384
   * random pages takes a third of the time that it takes with a comparator.
   *
   * @param spans the spans
   * @param rangeSizeBytes the size of their range
   * @return the same in ascending order, those that begin together in the order they had
   */
  static List<Span> ascending(List<Span> spans, long rangeSizeBytes) {
    int count = spans.size();
    if (count <= 1) {
      return List.copyOf(spans);
    }
    if (Math.multiplyHigh(rangeSizeBytes, count) != 0 || rangeSizeBytes * count < 0) {
      return spans.stream().sorted(Comparator.comparingLong(Span::firstByte)).toList();
    }
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = spans.get(i).firstByte * count + i;
    }
    Arrays.sort(keys);
    Span[] sorted = new Span[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = spans.get((int) (keys[i] % count));
    }
    return List.of(sorted);
  }

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
