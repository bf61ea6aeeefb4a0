package io.samepage.coherence.launch;

import io.samepage.Argument;
import io.samepage.node.NodeArgument;
import java.lang.foreign.MemorySegment;

/** Makes of values and structs what a device is given. */
final class ConstantArguments {
  private ConstantArguments() {}

  /** The value as a number of the parameter's type, null if it is of another type. Nothing is converted that could lose something. */
  static NodeArgument.Value value(Argument.Value given, Class<?> type) {
    return switch (given.value()) {
      case Character c when type == char.class -> new NodeArgument.Value((int) c);
      case Character c when type == short.class -> new NodeArgument.Value((short) (char) c);
      case Boolean b when type == boolean.class || type == byte.class -> new NodeArgument.Value((byte) (b ? 1 : 0));
      case Number number when given.type() == type -> new NodeArgument.Value(number);
      default -> null;
    };
  }

  /** A copy of the bytes: the launch may start after its caller has changed them. In longs, so that they are aligned. */
  static NodeArgument.Struct struct(MemorySegment segment) {
    long sizeBytes = segment.byteSize();
    MemorySegment copy = MemorySegment.ofArray(new long[(int) Math.ceilDiv(sizeBytes, Long.BYTES)]).asSlice(0, sizeBytes);
    return new NodeArgument.Struct(copy.copyFrom(segment).asReadOnly());
  }
}
