package io.samepage;

/** What all of Samepage's own exceptions are. */
public class SamepageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what to do
   */
  public SamepageException(String message) {
    super(message);
  }

  /**
   * Makes an exception.
   *
   * @param message what was asked, what was found, what to do
   * @param cause what led to it
   */
  public SamepageException(String message, Throwable cause) {
    super(message, cause);
  }
}
