package io.samepage.testkit;

/** {@link RandomOperations} on the memory of arenas: every second operation loads or stores without a lease. */
public abstract class TransparentRandomOperations extends RandomOperations {
  @Override
  protected final boolean touches() {
    return true;
  }
}
