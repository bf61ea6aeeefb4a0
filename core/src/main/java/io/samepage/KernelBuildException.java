package io.samepage;

/** A kernel could not be compiled or found. */
public class KernelBuildException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** The log of the compiler. */
  private final String log;

  /**
   * Makes an exception.
   *
   * @param message which kernel on which device, and what went wrong
   * @param log the log of the compiler, empty if there is none
   */
  public KernelBuildException(String message, String log) {
    super(log.isEmpty() ? message : message + System.lineSeparator() + log);
    this.log = log;
  }

  /** {@return the log of the compiler, empty if there is none} */
  public String log() {
    return log;
  }
}
