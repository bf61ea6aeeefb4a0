package io.samepage;

/** A thread was interrupted while it waited. Its interrupt status is kept. */
public class WaitInterruptedException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was waited for
   */
  public WaitInterruptedException(String message) {
    super(message);
  }
}
