package io.samepage;

/** A page was to be used whose only valid copy was lost. Overwriting the whole page (access WRITE) makes it usable again. */
public class PoisonedPageException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** The range that the page belongs to. */
  private final transient UnifiedRange range;
  /** Where the page begins. */
  private final long offsetBytes;

  /**
   * Makes an exception.
   *
   * @param range the range that the page belongs to
   * @param offsetBytes where the page begins in it
   */
  public PoisonedPageException(UnifiedRange range, long offsetBytes) {
    super("The only valid copy of a page was lost: range=" + range + ", offsetBytes=" + offsetBytes
        + ". Overwrite the whole page (access WRITE) to use it again.");
    this.range = range;
    this.offsetBytes = offsetBytes;
  }

  /** {@return the range that the page belongs to; null after deserialisation} */
  public UnifiedRange range() {
    return range;
  }

  /** {@return where the page begins in the range} */
  public long offsetBytes() {
    return offsetBytes;
  }
}
