package io.samepage.cuda;

import io.samepage.node.NodeArgument;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The arguments of one launch where the driver copies them from: their bytes, and an array of their addresses. */
final class LaunchParameters implements AutoCloseable {
  /** What every element's alignment divides. */
  private static final int LOCAL_ALIGNMENT = 16;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment addresses;
  private long sharedBytes;

  LaunchParameters(List<PtxParameter> parameters, List<NodeArgument> arguments) {
    addresses = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, parameters.size()));
    for (int i = 0; i < parameters.size(); i++) {
      MemorySegment bytes = arena.allocate(Math.max(Long.BYTES, parameters.get(i).sizeBytes()), LOCAL_ALIGNMENT);
      put(bytes, arguments.get(i));
      addresses.setAtIndex(ValueLayout.JAVA_LONG, i, bytes.address());
    }
  }

  private void put(MemorySegment bytes, NodeArgument argument) {
    switch (argument) {
      case NodeArgument.Memory memory -> bytes.set(ValueLayout.JAVA_LONG, 0, memory.window().handle() + memory.offsetBytes());
      case NodeArgument.Value(Float value) -> bytes.set(ValueLayout.JAVA_FLOAT, 0, value);
      case NodeArgument.Value(Double value) -> bytes.set(ValueLayout.JAVA_DOUBLE, 0, value);
      // The low bytes are those that the parameter has: all machines with CUDA are little-endian.
      case NodeArgument.Value(Number value) -> bytes.set(ValueLayout.JAVA_LONG, 0, value.longValue());
      case NodeArgument.Struct(MemorySegment struct) -> bytes.copyFrom(struct);
      case NodeArgument.Local(long sizeBytes) -> {
        bytes.set(ValueLayout.JAVA_LONG, 0, sharedBytes);
        sharedBytes = Math.ceilDiv(sharedBytes + sizeBytes, LOCAL_ALIGNMENT) * LOCAL_ALIGNMENT;
      }
    }
  }

  /** {@return what the alignment of so many arguments may take beside their sizes} */
  static int paddingBytes(long localArguments) {
    return (int) localArguments * LOCAL_ALIGNMENT;
  }

  /** {@return the address of the array of addresses} */
  long address() {
    return addresses.address();
  }

  /** {@return how much shared memory all arguments of local memory need together} */
  int sharedBytes() {
    return (int) sharedBytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
