package io.samepage;

import java.util.Objects;

/**
 * How the host can use memory here.
 *
 * @param mode what can be had
 * @param reason a sentence on why it is that
 */
public record HostAccess(Mode mode, String reason) {
  /** What can be had. */
  public enum Mode {
    /** Arenas work: memory is touched as it is. Leases work too. */
    TRANSPARENT,

    /** Leases alone: arenas refuse. */
    EXPLICIT
  }

  /** Checks that nothing is null. */
  public HostAccess {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(reason, "reason");
  }

  /** {@return whether arenas work} */
  public boolean isTransparent() {
    return mode == Mode.TRANSPARENT;
  }
}
