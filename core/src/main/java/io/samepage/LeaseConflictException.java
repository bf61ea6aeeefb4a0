package io.samepage;

import java.util.List;

/** A lease or launch conflicts with open leases, and waiting for them was not wanted or could never end. */
public class LeaseConflictException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** Who is in the way, a description each. */
  private final transient List<String> holders;

  /**
   * Makes an exception.
   *
   * @param message what was asked, and why it was not waited for
   * @param holders who is in the way, a description each
   */
  public LeaseConflictException(String message, List<String> holders) {
    super(message + ", holders=" + holders);
    this.holders = List.copyOf(holders);
  }

  /** {@return who is in the way, a description each: access, slice, node, thread; null after deserialisation} */
  public List<String> holders() {
    return holders;
  }
}
