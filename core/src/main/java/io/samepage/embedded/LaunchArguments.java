package io.samepage.embedded;

import io.samepage.KernelArguments;
import io.samepage.node.NodeArgument;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The arguments of one launch. Their segments live as long as an arena of the launch, so a kernel can't keep them. */
final class LaunchArguments implements KernelArguments {
  /** What a processor's caches move at a time. */
  private static final long LOCAL_ALIGNMENT_BYTES = 64;

  private final Object[] arguments;

  LaunchArguments(List<NodeArgument> nodeArguments, Arena arena) {
    arguments = nodeArguments.stream().map(argument -> switch (argument) {
      case NodeArgument.Memory memory -> segment(memory, arena);
      case NodeArgument.Value value -> value.value();
      case NodeArgument.Struct struct -> struct.bytes();
      // Groups run one after another, so each has it for itself.
      case NodeArgument.Local local -> arena.allocate(local.sizeBytes(), LOCAL_ALIGNMENT_BYTES);
    }).toArray();
  }

  private static MemorySegment segment(NodeArgument.Memory memory, Arena arena) {
    MemorySegment window = ((EmbeddedWindow) memory.window()).segment();
    MemorySegment slice = window.asSlice(memory.offsetBytes(), memory.sizeBytes()).reinterpret(arena, null);
    return memory.access().writes() ? slice : slice.asReadOnly();
  }

  @Override
  public MemorySegment segment(int index) {
    return (MemorySegment) arguments[index];
  }

  @Override
  public Number value(int index) {
    return (Number) arguments[index];
  }
}
