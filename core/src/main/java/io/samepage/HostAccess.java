package io.samepage;

import java.util.Objects;

/**
 * How the host can use memory here.
 *
 * @param mode what can be had
 * @param reason on why it is that
 * @param remedy what to change so that arenas work, empty where there is nothing to change
 */
public record HostAccess(Mode mode, String reason, String remedy) {
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
    Objects.requireNonNull(remedy, "remedy");
  }

  /** {@return whether arenas work} */
  public boolean isTransparent() {
    return mode == Mode.TRANSPARENT;
  }
}
