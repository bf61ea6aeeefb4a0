package io.samepage.opencl;

import io.samepage.node.NodeArgument;
import io.samepage.node.TransferCounters;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of one launch as buffers: the window itself, a part of it, or, where the driver can't express the part because of
 * where it begins, a temporary copy. Closed once everything is enqueued: the driver keeps what its commands use.
 */
final class PlacedArguments implements AutoCloseable {
  /** A copy of a slice in a buffer of its own. */
  private record Temporary(long buffer, NodeArgument.Memory memory) {}

  private final ClCalls calls;
  private final OpenClContext context;
  private final long queue;
  private final TransferCounters counters;
  private final EventList commands;
  private final List<NodeArgument> arguments;
  private final long[] buffers;
  /** Most launches have whole windows, and then there are no such lists. */
  private List<Long> owned = List.of();
  private List<Temporary> temporaries = List.of();

  /**
   * Prepares nothing yet.
   *
   * @param node whose launch it is
   * @param queue the queue of the launch
   * @param arguments the arguments
   * @param commands where the events of copies go
   */
  PlacedArguments(OpenClNode node, long queue, List<NodeArgument> arguments, EventList commands) {
    calls = node.calls();
    context = node.context();
    this.queue = queue;
    counters = node.counters();
    this.commands = commands;
    this.arguments = arguments;
    buffers = new long[arguments.size()];
  }

  /**
   * Makes the parts and fills the temporaries.
   *
   * @param alignmentBytes what the driver wants offsets to be multiples of
   */
  void place(long alignmentBytes) {
    for (int i = 0; i < buffers.length; i++) {
      if (arguments.get(i) instanceof NodeArgument.Memory memory && !isSvm(memory)) {
        buffers[i] = place(memory, alignmentBytes);
      }
    }
  }

  /** Whether an argument goes as a pointer, which begins anywhere. */
  static boolean isSvm(NodeArgument.Memory memory) {
    return memory.window() instanceof OpenClWindow own && own.svmAddress() != 0;
  }

  /** {@return whether some slice begins where the driver can't express it} */
  boolean needsTemporaries(long alignmentBytes) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i) instanceof NodeArgument.Memory memory && memory.offsetBytes() % alignmentBytes != 0 && !isSvm(memory)) {
        return true;
      }
    }
    return false;
  }

  private long place(NodeArgument.Memory memory, long alignmentBytes) {
    long window = memory.window().handle();
    if (memory.offsetBytes() == 0 && isAlone(memory)) {
      return window;
    }
    boolean isAligned = memory.offsetBytes() % alignmentBytes == 0;
    long buffer = isAligned ? calls.createSubBuffer(window, memory.offsetBytes(), memory.sizeBytes())
        : calls.createBuffer(context.handle(), memory.sizeBytes());
    owned = owned.isEmpty() ? new ArrayList<>(1) : owned;
    owned.add(buffer);
    if (!isAligned) {
      temporaries = temporaries.isEmpty() ? new ArrayList<>(1) : temporaries;
      temporaries.add(new Temporary(buffer, memory));
      copyIn(buffer, memory);
    }
    return buffer;
  }

  /** A buffer may not be used beside a part of itself that is written, but two parts of it that don't overlap may. */
  private boolean isAlone(NodeArgument.Memory memory) {
    int users = 0;
    for (int i = 0; i < arguments.size(); i++) {
      users += arguments.get(i) instanceof NodeArgument.Memory given && given.window() == memory.window() ? 1 : 0;
    }
    return users == 1;
  }

  private void copyIn(long temporary, NodeArgument.Memory memory) {
    if (memory.access().reads()) {
      commands.add(calls.enqueueCopy(queue, memory.window().handle(), memory.offsetBytes(), temporary, 0, memory.sizeBytes()));
      counters.countWithin(memory.sizeBytes());
    }
  }

  /** Copies what the kernel wrote into temporaries to where it belongs. */
  void copyBack() {
    if (temporaries.isEmpty()) {
      return;
    }
    for (Temporary temporary : temporaries) {
      NodeArgument.Memory memory = temporary.memory;
      if (memory.access().writes()) {
        commands.add(calls.enqueueCopy(queue, temporary.buffer, 0, memory.window().handle(), memory.offsetBytes(), memory.sizeBytes()));
        counters.countWithin(memory.sizeBytes());
      }
    }
  }

  int size() {
    return buffers.length;
  }

  NodeArgument argument(int index) {
    return arguments.get(index);
  }

  /** {@return the buffer of an argument that is memory} */
  long buffer(int index) {
    return buffers[index];
  }

  /**
   * What is the same object as long as the argument is given to the driver in the same way: a window that is given as a whole, as its
   * handle may be another buffer's once it is gone; or a value. Null for what is made for this launch, as the copy of a struct is.
   */
  Object identity(int index) {
    return switch (arguments.get(index)) {
      case NodeArgument.Memory memory when isWhole(memory, index) -> memory.window();
      case NodeArgument.Memory _, NodeArgument.Struct _ -> null;
      case NodeArgument constant -> constant;
    };
  }

  private boolean isWhole(NodeArgument.Memory memory, int index) {
    return isSvm(memory) ? memory.offsetBytes() == 0 : buffers[index] == memory.window().handle();
  }

  @Override
  public void close() {
    if (!owned.isEmpty()) {
      owned.forEach(calls::releaseMemory);
    }
  }
}
