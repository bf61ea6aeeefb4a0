package io.samepage;

import java.util.Set;

/** A device can't keep memory in the way that was asked for. The message says what was asked, why it can't be, and what there is. */
public class MemoryKindException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** What was asked for. */
  private final MemoryKind asked;
  /** What there is. */
  private final transient Set<MemoryKind> offered;

  /**
   * Makes an exception.
   *
   * @param device the device's name
   * @param asked what was asked for
   * @param offered what there is
   * @param reason why it can't be had
   */
  public MemoryKindException(String device, MemoryKind asked, Set<MemoryKind> offered, String reason) {
    super("The device has no memory of this kind: device=" + device + ", asked=" + asked + ", offered=" + offered + ", reason=" + reason
        + ". Choose one that is offered.");
    this.asked = asked;
    this.offered = Set.copyOf(offered);
  }

  /** {@return what was asked for} */
  public MemoryKind asked() {
    return asked;
  }

  /** {@return what there is; null after deserialisation} */
  public Set<MemoryKind> offered() {
    return offered;
  }
}
