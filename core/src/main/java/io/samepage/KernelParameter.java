package io.samepage;

import java.util.Optional;

/** What a kernel says of one of its parameters; arguments are checked against it before anything moves. */
public sealed interface KernelParameter {
  /** {@return the parameter's name, for messages} */
  String name();

  /**
   * A parameter that takes memory.
   *
   * @param name its name
   * @param access what the kernel does with it, empty if it doesn't say
   * @param elementSizeBytes the size of an element: slices begin and end at multiples of it; 1 if unknown
   */
  record Buffer(String name, Optional<Access> access, int elementSizeBytes) implements KernelParameter {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if {@code elementSizeBytes} is below 1
     */
    public Buffer {
      if (elementSizeBytes < 1) {
        throw new IllegalArgumentException("An element has at least one byte: elementSizeBytes=" + elementSizeBytes);
      }
    }
  }

  /**
   * A parameter that takes a primitive value.
   *
   * @param name its name
   * @param type {@code byte.class}, {@code short.class}, {@code int.class}, {@code long.class}, {@code float.class} or
   *     {@code double.class}
   */
  record Value(String name, Class<?> type) implements KernelParameter {
    /**
     * Checks the type.
     *
     * @throws IllegalArgumentException if it is another type
     */
    public Value {
      if (type != byte.class && type != short.class && type != int.class && type != long.class && type != float.class
          && type != double.class) {
        throw new IllegalArgumentException("A value parameter is a byte, short, int, long, float or double: type=" + type.getName());
      }
    }
  }

  /**
   * A parameter of a kind that launches can't give yet: a struct, a vector, an image, local memory.
   *
   * @param name its name
   * @param type its type as the kernel's language spells it
   */
  record Unsupported(String name, String type) implements KernelParameter {}

  /**
   * Memory that the kernel only reads.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter in(String name, int elementSizeBytes) {
    return new Buffer(name, Optional.of(Access.READ), elementSizeBytes);
  }

  /**
   * Memory that the kernel overwrites as a whole.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter out(String name, int elementSizeBytes) {
    return new Buffer(name, Optional.of(Access.WRITE), elementSizeBytes);
  }

  /**
   * Memory that the kernel reads and writes, or writes in part.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter inOut(String name, int elementSizeBytes) {
    return new Buffer(name, Optional.of(Access.READ_WRITE), elementSizeBytes);
  }

  /**
   * A primitive value.
   *
   * @param name the parameter's name
   * @param type the primitive type
   * @return the parameter
   */
  static KernelParameter value(String name, Class<?> type) {
    return new Value(name, type);
  }
}
