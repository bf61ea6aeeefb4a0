package io.samepage;

/**
 * The host has written into a device lease's slice while the lease was open: in transparent memory nothing keeps it from that. The
 * lease is closed, and what the device had written there has replaced what the host had; where the device uses the host's own pages
 * ({@link MemoryKind#COHERENT}), each byte is what was written last.
 */
public class LeaseBrokenException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** The range that was written. */
  private final transient UnifiedRange range;
  /** Where the first page begins that was written. */
  private final long offsetBytes;
  /** Which lease it was. */
  private final String lease;

  /**
   * Makes an exception.
   *
   * @param range the range that was written
   * @param offsetBytes where the first page begins in it that was written
   * @param pages how many pages were written
   * @param lease which lease it was
   */
  public LeaseBrokenException(UnifiedRange range, long offsetBytes, long pages, String lease) {
    super("The host wrote into the slice of an open device lease: range=" + range + ", offsetBytes=" + offsetBytes + ", pages=" + pages
        + ", lease=" + lease + ". The device's bytes were kept; in pages that it shares with the host, what was written last. Close the "
        + "lease before the host writes there.");
    this.range = range;
    this.offsetBytes = offsetBytes;
    this.lease = lease;
  }

  /** {@return the range that was written; null after deserialisation} */
  public UnifiedRange range() {
    return range;
  }

  /** {@return where the first page begins in the range that was written} */
  public long offsetBytes() {
    return offsetBytes;
  }

  /** {@return the lease that was broken, in words: its kind, slices, access and thread} */
  public String lease() {
    return lease;
  }
}
