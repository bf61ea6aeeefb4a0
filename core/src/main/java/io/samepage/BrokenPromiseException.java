package io.samepage;

/**
 * A launch was checked ({@link UnifiedMemory.Builder#checkLaunches}), and its kernel didn't do what was declared or inferred of an
 * argument. The launch is complete.
 */
public class BrokenPromiseException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** Where it begins. */
  private final transient Slice slice;

  /**
   * Makes an exception.
   *
   * @param message what was promised, and what was found
   * @param slice the first run of bytes for which it isn't true
   */
  public BrokenPromiseException(String message, Slice slice) {
    super(message);
    this.slice = slice;
  }

  /** {@return the first run of bytes for which it isn't true; null after deserialisation} */
  public Slice slice() {
    return slice;
  }
}
