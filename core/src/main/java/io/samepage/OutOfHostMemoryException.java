package io.samepage;

/** The system refused address space or memory on the host. */
public class OutOfHostMemoryException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked and what the system said
   */
  public OutOfHostMemoryException(String message) {
    super(message);
  }
}
