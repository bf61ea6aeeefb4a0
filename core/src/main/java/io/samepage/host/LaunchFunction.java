package io.samepage.host;

/** Libsamepage's function that enqueues a kernel together with its uploads, for drivers that Java calls. */
public final class LaunchFunction {
  private LaunchFunction() {}

  /** {@return the address of {@code int32_t sp_launch(struct sp_launch*)}, as samepage.h has it} Where there is the native library. */
  public static long address() {
    return FaultLibraryNative.address("sp_launch");
  }
}
