package io.samepage;

/**
 * What transparent host access has done since the memory was opened, or since a range was allocated. All zero where the host's access is
 * explicit. Whether pages that came unasked are of use is seen by touches that find them unmapped; where denser surroundings are mapped
 * together, some that are used are not counted as that.
 *
 * @param faults touches of pages that were not mapped
 * @param fetchedPages pages brought from devices to the host, by touches and otherwise
 * @param fetchNanos how long that took
 * @param neighbourPages of the fetched pages, those brought because another one of the same 64 KiB was touched
 * @param neighbourPagesUsed of these, those in 64 KiB that were touched once more
 * @param grownPages of the fetched pages, those brought because most of their surroundings were in use
 * @param grownPagesUsed of these, those in parts that were touched afterwards
 * @param aheadPages of the fetched pages, those read ahead of touches in order
 * @param aheadPagesUsed of these, those in parts that were touched afterwards
 * @param writtenPages pages found written by the host
 * @param scanNanos how long looking for them took
 * @param poisonedPages pages that could not be brought
 */
public record HostStatistics(long faults, long fetchedPages, long fetchNanos, long neighbourPages, long neighbourPagesUsed,
    long grownPages, long grownPagesUsed, long aheadPages, long aheadPagesUsed, long writtenPages, long scanNanos, long poisonedPages) {
  /** Nothing was done. */
  public static final HostStatistics NOTHING = new HostStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
