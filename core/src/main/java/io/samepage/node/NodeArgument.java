package io.samepage.node;

import io.samepage.Access;

/** An argument of a launch, checked and placed. */
public sealed interface NodeArgument {
  /**
   * Memory.
   *
   * @param window the allocation that holds it
   * @param offsetBytes where it begins in the window; any multiple of the parameter's element size
   * @param sizeBytes how long it is
   * @param access what the kernel does with it
   */
  record Memory(Window window, long offsetBytes, long sizeBytes, Access access) implements NodeArgument {}

  /**
   * A primitive value of the parameter's type.
   *
   * @param value a boxed byte, short, int, long, float or double
   */
  record Value(Number value) implements NodeArgument {}
}
