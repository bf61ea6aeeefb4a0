package io.samepage;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodType;
import java.util.Objects;

/**
 * An argument of a launch that says more than the plain object would: what the kernel does with a slice, that a number or segment goes by
 * value, how much local memory is wanted. Made by the factories below; import them statically. {@link Kernel#launch} has what plain
 * objects are taken for.
 *
 * <p>What is said of a slice decides what is copied and what is invalidated. It is a promise: a kernel that writes what was given
 * {@code in}, or leaves bytes as they were that were given {@code out}, leaves stale or unspecified bytes behind.
 * {@link UnifiedMemory.Builder#checkLaunches} finds such kernels.
 */
public sealed interface Argument {
  /**
   * Memory.
   *
   * @param slice the bytes that the kernel is given
   * @param access what it does with them
   */
  record Memory(Slice slice, Access access) implements Argument {
    /** Checks that nothing is null. */
    public Memory {
      Objects.requireNonNull(slice, "slice");
      Objects.requireNonNull(access, "access");
    }
  }

  /**
   * Memory, by a segment of an arena or of an open host lease.
   *
   * @param segment the bytes, as {@link UnifiedMemory#slice(MemorySegment)} takes them
   * @param access what the kernel does with them
   */
  record Segment(MemorySegment segment, Access access) implements Argument {
    /**
     * Checks the segment.
     *
     * @throws IllegalArgumentException if the segment is read-only and {@code access} writes
     */
    public Segment {
      Objects.requireNonNull(segment, "segment");
      if (access.writes() && segment.isReadOnly()) {
        throw new IllegalArgumentException("A read-only segment can be an 'in' argument alone: access=" + access + ", segment=" + segment);
      }
    }
  }

  /**
   * A primitive value.
   *
   * @param value a boxed primitive, of any of the eight types
   */
  record Value(Object value) implements Argument {
    /**
     * Checks the type.
     *
     * @throws IllegalArgumentException if it is an object of another type
     */
    public Value {
      switch (Objects.requireNonNull(value, "value")) {
        case Byte _, Short _, Integer _, Long _, Float _, Double _, Character _, Boolean _ -> { }
        default -> throw new IllegalArgumentException("A value is a boxed primitive: type=" + value.getClass().getName());
      }
    }

    /** {@return the primitive type, such as {@code int.class}} */
    public Class<?> type() {
      return MethodType.methodType(value.getClass()).unwrap().returnType();
    }
  }

  /**
   * The bytes of a segment by value: a small struct, or a vector. They are copied when the kernel is launched, so the segment may be
   * changed, or its arena closed, as soon as the launch call has returned.
   *
   * @param segment the bytes, laid out as the kernel's language does, padding included; on the heap or not, of whatever arena
   */
  record Struct(MemorySegment segment) implements Argument {
    /** The largest size. */
    public static final int SIZE_BYTES_MAX = 64 << 10;

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if the segment is empty or longer than {@link #SIZE_BYTES_MAX}
     */
    public Struct {
      if (segment.byteSize() < 1 || segment.byteSize() > SIZE_BYTES_MAX) {
        throw new IllegalArgumentException("A segment by value has 1 to " + SIZE_BYTES_MAX + " bytes: sizeBytes=" + segment.byteSize()
            + "; give more as memory, by in(segment)");
      }
    }
  }

  /**
   * Memory that each group of work items has for itself while it runs. What is in it when a group starts is unspecified.
   *
   * @param sizeBytes how much
   */
  record Local(long sizeBytes) implements Argument {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if {@code sizeBytes} is below 1
     */
    public Local {
      if (sizeBytes < 1) {
        throw new IllegalArgumentException("Local memory has at least one byte: sizeBytes=" + sizeBytes);
      }
    }
  }

  /**
   * A slice that the kernel only reads.
   *
   * @param slice the slice
   * @return the argument
   */
  static Argument in(Slice slice) {
    return new Memory(slice, Access.READ);
  }

  /**
   * A slice that the kernel overwrites as a whole.
   *
   * @param slice the slice
   * @return the argument
   */
  static Argument out(Slice slice) {
    return new Memory(slice, Access.WRITE);
  }

  /**
   * A slice that the kernel reads and writes, or writes in part.
   *
   * @param slice the slice
   * @return the argument
   */
  static Argument inOut(Slice slice) {
    return new Memory(slice, Access.READ_WRITE);
  }

  /**
   * A range that the kernel only reads.
   *
   * @param range the range
   * @return the argument
   */
  static Argument in(UnifiedRange range) {
    return in(range.all());
  }

  /**
   * A range that the kernel overwrites as a whole.
   *
   * @param range the range
   * @return the argument
   */
  static Argument out(UnifiedRange range) {
    return out(range.all());
  }

  /**
   * A range that the kernel reads and writes, or writes in part.
   *
   * @param range the range
   * @return the argument
   */
  static Argument inOut(UnifiedRange range) {
    return inOut(range.all());
  }

  /**
   * Memory that the kernel only reads.
   *
   * @param segment a segment of an arena, or of an open host lease that doesn't write; read-only or not
   * @return the argument
   */
  static Argument in(MemorySegment segment) {
    return new Segment(segment, Access.READ);
  }

  /**
   * Memory that the kernel overwrites as a whole.
   *
   * @param segment a segment of an arena or of an open host lease
   * @return the argument
   * @throws IllegalArgumentException if the segment is read-only
   */
  static Argument out(MemorySegment segment) {
    return new Segment(segment, Access.WRITE);
  }

  /**
   * Memory that the kernel reads and writes, or writes in part.
   *
   * @param segment a segment of an arena or of an open host lease
   * @return the argument
   * @throws IllegalArgumentException if the segment is read-only
   */
  static Argument inOut(MemorySegment segment) {
    return new Segment(segment, Access.READ_WRITE);
  }

  /**
   * A value.
   *
   * @param value the value
   * @return the argument
   */
  static Argument value(int value) {
    return new Value(value);
  }

  /**
   * A value.
   *
   * @param value the value
   * @return the argument
   */
  static Argument value(long value) {
    return new Value(value);
  }

  /**
   * A value.
   *
   * @param value the value
   * @return the argument
   */
  static Argument value(float value) {
    return new Value(value);
  }

  /**
   * A value.
   *
   * @param value the value
   * @return the argument
   */
  static Argument value(double value) {
    return new Value(value);
  }

  /**
   * A value.
   *
   * @param value the value
   * @return the argument
   */
  static Argument value(short value) {
    return new Value(value);
  }

  /**
   * A value.
   *
   * @param value the value
   * @return the argument
   */
  static Argument value(byte value) {
    return new Value(value);
  }

  /**
   * A value. Kernel languages without such a type take it for an unsigned integer of 16 bits, OpenCL C for {@code ushort}.
   *
   * @param value the value
   * @return the argument
   */
  static Argument value(char value) {
    return new Value(value);
  }

  /**
   * A value. Kernel languages whose parameters can't be of that type take it for an integer of 8 bits that is 1 or 0, OpenCL C for
   * {@code uchar}.
   *
   * @param value the value
   * @return the argument
   */
  static Argument value(boolean value) {
    return new Value(value);
  }

  /**
   * A small struct or a vector, by value.
   *
   * @param segment its bytes, laid out as the kernel's language does, padding included; on the heap or not, of whatever arena
   * @return the argument
   * @throws IllegalArgumentException if the segment is empty or longer than {@link Struct#SIZE_BYTES_MAX}
   */
  static Argument value(MemorySegment segment) {
    return new Struct(segment);
  }

  /**
   * Memory that each group of work items has for itself while it runs.
   *
   * @param sizeBytes how much, at least 1
   * @return the argument
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1
   */
  static Argument local(long sizeBytes) {
    return new Local(sizeBytes);
  }
}
