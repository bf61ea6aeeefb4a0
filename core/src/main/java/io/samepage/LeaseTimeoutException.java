package io.samepage;

import java.util.List;

/** Conflicting leases were not closed in time. */
public class LeaseTimeoutException extends LeaseConflictException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what was asked, and how long it was waited for
   * @param holders who is in the way, a description each
   */
  public LeaseTimeoutException(String message, List<String> holders) {
    super(message, holders);
  }
}
