package io.samepage;

/** A kernel started but failed. What it was to write is poisoned where it held the only valid copy. */
public class KernelFailedException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message which kernel on which device
   * @param cause what the device said
   */
  public KernelFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
