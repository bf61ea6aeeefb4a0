package io.samepage;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One argument of a launch, made by the factories below; import them statically.
 *
 * <p>Slices say what the kernel does with them: the declaration decides what is copied and what is invalidated.
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
   * @param value a boxed byte, short, int, long, float or double
   */
  record Value(Number value) implements Argument {
    /**
     * Checks the type.
     *
     * @throws IllegalArgumentException if it is another kind of number
     */
    public Value {
      switch (value) {
        case Byte b -> { }
        case Short s -> { }
        case Integer i -> { }
        case Long l -> { }
        case Float f -> { }
        case Double d -> { }
        default -> throw new IllegalArgumentException("A value is a byte, short, int, long, float or double: type="
            + value.getClass().getName());
      }
    }

    /** {@return the primitive type, such as {@code int.class}} */
    public Class<?> type() {
      return switch (value) {
        case Byte b -> byte.class;
        case Short s -> short.class;
        case Integer i -> int.class;
        case Long l -> long.class;
        case Float f -> float.class;
        default -> double.class;
      };
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
}
