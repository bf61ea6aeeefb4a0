package io.samepage;

import java.lang.foreign.MemorySegment;

/** The arguments of a launch as a Java kernel sees them: memory and values, by position. */
public interface KernelArguments {
  /**
   * The device's copy of a memory argument; or the bytes of a struct; or local memory, which the group that runs has for itself, and whose
   * contents are unspecified when it starts.
   *
   * @param index the argument's position, from 0
   * @return exactly the bytes of the slice, the struct or the local memory; read-only if the argument is {@code in} or a struct
   * @throws ClassCastException if the argument is a value
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  MemorySegment segment(int index);

  /**
   * A value argument.
   *
   * @param index the argument's position, from 0
   * @return the value as the launch gave it: a number of the parameter's type; a {@code char} as an Integer, a {@code boolean} as a Byte
   *     that is 1 or 0
   * @throws ClassCastException if the argument is no value
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

  /**
   * A value argument as a char.
   *
   * @param index the argument's position, from 0
   * @return the value, narrowed if need be
   */
  default char charValue(int index) {
    return (char) value(index).intValue();
  }

  /**
   * A value argument as a boolean.
   *
   * @param index the argument's position, from 0
   * @return whether the value is not 0
   */
  default boolean booleanValue(int index) {
    return value(index).longValue() != 0;
  }
}
