package io.samepage;

import java.lang.foreign.MemorySegment;

/** The arguments of a launch as a Java kernel sees them: device memory and values, by position. */
public interface KernelArguments {
  /**
   * The device's copy of a memory argument.
   *
   * @param index the argument's position, from 0
   * @return exactly the bytes of the slice; read-only if the argument is {@code in}
   * @throws ClassCastException if the argument is a value
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  MemorySegment segment(int index);

  /**
   * A value argument.
   *
   * @param index the argument's position, from 0
   * @return the value as the launch gave it
   * @throws ClassCastException if the argument is memory
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  Number value(int index);

  /**
   * A value argument as an int.
   *
   * @param index the argument's position, from 0
   * @return the value, narrowed if need be
   */
  default int intValue(int index) {
    return value(index).intValue();
  }

  /**
   * A value argument as a long.
   *
   * @param index the argument's position, from 0
   * @return the value
   */
  default long longValue(int index) {
    return value(index).longValue();
  }

  /**
   * A value argument as a float.
   *
   * @param index the argument's position, from 0
   * @return the value, rounded if need be
   */
  default float floatValue(int index) {
    return value(index).floatValue();
  }

  /**
   * A value argument as a double.
   *
   * @param index the argument's position, from 0
   * @return the value
   */
  default double doubleValue(int index) {
    return value(index).doubleValue();
  }
}
