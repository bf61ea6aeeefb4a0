package io.samepage.benchmarks.launch;

/** A kernel that does nothing with the one buffer it is given, in one program with the kernel that keeps the device busy. */
final class EmptyKernel {
  static final String NAME = "nothing";

  private EmptyKernel() {}

  /** Its source, which says whether it writes. */
  static String source(boolean writes) {
    return BusyKernel.SOURCE + "__kernel void nothing(__global " + (writes ? "" : "const ") + "char* data) {}";
  }
}
