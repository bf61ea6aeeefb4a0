package io.samepage.coherence.state;

import io.samepage.Access;
import io.samepage.Slice;
import java.util.List;

/**
 * What stands behind an open lease: who it is, where its bytes are, and how it ends. A lease adds to it only whether it is open, so that
 * it is a small object that the compiler can do without where it does not leave the code that opened it.
 */
public abstract class Grant {
  private final Access access;
  private final List<Slice> slices;
  /** Where a device has them; null on the host. */
  private final PlacedWindow window;

  /**
   * What stands behind a lease that is opened.
   *
   * @param access what is done with the slices
   * @param slices what the lease covers
   * @param window where a device has them; null on the host
   */
  protected Grant(Access access, List<Slice> slices, PlacedWindow window) {
    this.access = access;
    this.slices = slices;
    this.window = window;
  }

  /** {@return what is done with the slices} */
  public final Access access() {
    return access;
  }

  /** {@return what the lease covers} */
  public final List<Slice> slices() {
    return slices;
  }

  /**
   * Where a device has the slices.
   *
   * @return the window; null on the host
   */
  public final PlacedWindow window() {
    return window;
  }

  /** {@return what messages call the lease} */
  public abstract String describe();

  /** Ends the access. Called once for each lease. */
  public abstract void end();

  /** {@return what using a closed lease throws} Doesn't take the lease itself, which would then have to be an object in any case. */
  public final IllegalStateException closed() {
    return new IllegalStateException("The lease is closed: lease=" + describe());
  }

  /** {@return what closing a lease throws whose closing was left to a fence} */
  public final IllegalStateException left() {
    return new IllegalStateException("The lease is closed when its fence has passed, and by nobody else: lease=" + describe());
  }
}
