package io.samepage;

import java.util.List;

/** A device was asked for that does not exist or is not attached. */
public class NoSuchDeviceException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** The names of those that exist. */
  private final transient List<String> available;

  /**
   * Makes an exception.
   *
   * @param name what was asked for
   * @param available the names of those that exist
   * @param explanation why it is not there and what to do, empty if there is nothing to say
   */
  public NoSuchDeviceException(String name, List<String> available, String explanation) {
    super("No such device: name=" + name + ", available=" + available + (explanation.isEmpty() ? "" : ". " + explanation));
    this.available = List.copyOf(available);
  }

  /** {@return the names of those that exist; null after deserialisation} */
  public List<String> available() {
    return available;
  }
}
