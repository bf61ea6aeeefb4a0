package io.samepage.node;

import io.samepage.Access;
import java.lang.foreign.MemorySegment;

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
   * @param value a boxed byte, short, int, long, float or double; an Integer for a char, a Byte that is 1 or 0 for a boolean
   */
  record Value(Number value) implements NodeArgument {}

  /**
   * A struct or a vector by value, of the parameter's size if that is known.
   *
   * @param bytes its bytes: a read-only segment on the heap that nobody changes, aligned to 8 bytes
   */
  record Struct(MemorySegment bytes) implements NodeArgument {}

  /**
   * Local memory, which each group of work items has for itself.
   *
   * @param sizeBytes how much, at least 1; all of a launch together at most {@link NodeKernel#localBytesLimit()}
   */
  record Local(long sizeBytes) implements NodeArgument {}
}
