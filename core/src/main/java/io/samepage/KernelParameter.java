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
   * @param access what the kernel does with it, empty if it doesn't say; a launch that declares otherwise is refused
   * @param inferred what it is taken for where a launch declares nothing; empty if a launch must declare
   * @param elementSizeBytes the size of an element: slices begin and end at multiples of it; 1 if unknown
   */
  record Buffer(String name, Optional<Access> access, Optional<Access> inferred, int elementSizeBytes) implements KernelParameter {
    /**
     * Checks the size and the accesses.
     *
     * @throws IllegalArgumentException if {@code elementSizeBytes} is below 1, or {@code access} is there and {@code inferred} differs
     */
    public Buffer {
      checkElement(elementSizeBytes);
      if (access.isPresent() && !access.equals(inferred)) {
        throw new IllegalArgumentException("What the kernel says is what is inferred: access=" + access + ", inferred=" + inferred);
      }
    }
  }

  /**
   * A parameter that takes a primitive value.
   *
   * @param name its name
   * @param type the primitive type, such as {@code int.class}. A {@code char} is given to a {@code short} as well, a {@code boolean} to a
   *     {@code byte} as 1 or 0: kernel languages have no parameters of those types
   */
  record Value(String name, Class<?> type) implements KernelParameter {
    /**
     * Checks the type.
     *
     * @throws IllegalArgumentException if it is not primitive, or void
     */
    public Value {
      if (!type.isPrimitive() || type == void.class) {
        throw new IllegalArgumentException("A value parameter is of a primitive type: type=" + type.getName());
      }
    }
  }

  /**
   * A parameter that takes a struct or a vector by value, given as a segment.
   *
   * @param name its name
   * @param type its type as the kernel's language spells it, for messages
   * @param sizeBytes its size, 0 if unknown
   */
  record Struct(String name, String type, int sizeBytes) implements KernelParameter {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if {@code sizeBytes} is negative
     */
    public Struct {
      if (sizeBytes < 0) {
        throw new IllegalArgumentException("A size is not negative: sizeBytes=" + sizeBytes);
      }
    }
  }

  /**
   * A parameter that takes local memory: memory that each group of work items has for itself.
   *
   * @param name its name
   * @param elementSizeBytes the size of an element: what is given is a multiple of it; 1 if unknown
   */
  record Local(String name, int elementSizeBytes) implements KernelParameter {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if {@code elementSizeBytes} is below 1
     */
    public Local {
      checkElement(elementSizeBytes);
    }
  }

  /**
   * A parameter of a kind that launches can't give: an image, a sampler, a pipe.
   *
   * @param name its name
   * @param type its type as the kernel's language spells it
   */
  record Unsupported(String name, String type) implements KernelParameter {}

  private static void checkElement(int elementSizeBytes) {
    if (elementSizeBytes < 1) {
      throw new IllegalArgumentException("An element has at least one byte: elementSizeBytes=" + elementSizeBytes);
    }
  }

  private static Buffer buffer(String name, Access access, int elementSizeBytes) {
    return new Buffer(name, Optional.of(access), Optional.of(access), elementSizeBytes);
  }

  /**
   * Memory that the kernel only reads.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter in(String name, int elementSizeBytes) {
    return buffer(name, Access.READ, elementSizeBytes);
  }

  /**
   * Memory that the kernel overwrites as a whole.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter out(String name, int elementSizeBytes) {
    return buffer(name, Access.WRITE, elementSizeBytes);
  }

  /**
   * Memory that the kernel reads and writes, or writes in part.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter inOut(String name, int elementSizeBytes) {
    return buffer(name, Access.READ_WRITE, elementSizeBytes);
  }

  /**
   * Memory of which the kernel doesn't say what it does with it: what launches declare is believed, and where they don't, it is taken for
   * {@code inOut}. That is what OpenCL C says of a pointer to what is not {@code const}.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter memory(String name, int elementSizeBytes) {
    return new Buffer(name, Optional.empty(), Optional.of(Access.READ_WRITE), elementSizeBytes);
  }

  /**
   * Memory of which the kernel doesn't say what it does with it, and launches must.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter declared(String name, int elementSizeBytes) {
    return new Buffer(name, Optional.empty(), Optional.empty(), elementSizeBytes);
  }

  /**
   * A struct or a vector by value.
   *
   * @param name the parameter's name
   * @param sizeBytes its size, padding included; at least 1
   * @return the parameter
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1
   */
  static KernelParameter struct(String name, int sizeBytes) {
    checkElement(sizeBytes);
    return new Struct(name, "struct", sizeBytes);
  }

  /**
   * Memory that each group of work items has for itself.
   *
   * @param name the parameter's name
   * @param elementSizeBytes the size of an element
   * @return the parameter
   */
  static KernelParameter local(String name, int elementSizeBytes) {
    return new Local(name, elementSizeBytes);
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
