package io.samepage;

/** A driver call failed. */
public class DeviceException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the device, the call, and the name of the error
   */
  public DeviceException(String message) {
    super(message);
  }

  /**
   * Makes an exception.
   *
   * @param message the device, the call, and the name of the error
   * @param cause what led to it
   */
  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
