package io.samepage.coherence.launch;

import io.samepage.Access;
import io.samepage.BrokenPromiseException;
import io.samepage.DeviceException;
import io.samepage.KernelParameter;
import io.samepage.Slice;
import io.samepage.coherence.sync.Fences;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs one kernel under observation: does it overwrite all that it was given to overwrite, and leave alone what it was given to read?
 * Everything happens in the device's queue under its submission lock, in the windows of a launch whose claims keep all others away.
 *
 * <p>A byte that is found as it was filled proves nothing, as the kernel may have written just that. So the launch is put back and done
 * again over the complement: what is as it was both times was not written.
 */
final class LaunchCheck {
  /** What unwritten bytes are left with: a NaN of 16, 32 or 64 bits, wherever in memory it begins. */
  private static final int PATTERN = 0xFFF5A5A5;
  private static final int FIRST_PATTERN = ~PATTERN;

  /** An argument in its window. */
  private record Observed(int index, Slice slice, NodeArgument.Memory placed) {
    CopyRun run(MemorySegment host) {
      return new CopyRun(host.address(), placed.window(), placed.offsetBytes(), placed.sizeBytes());
    }
  }

  private final CoherentKernel kernel;
  private final DeviceNode node;
  private final Supplier<NodeFence> launch;
  private final List<Observed> outputs = new ArrayList<>();
  private final List<Observed> changed = new ArrayList<>();
  private final List<Observed> promised = new ArrayList<>();
  private BrokenPromiseException broken;

  /**
   * Sorts the arguments.
   *
   * @param kernel for messages
   * @param node where it runs
   * @param launch starts it with arguments
   * @param arguments what was declared or inferred
   * @param placed the same, in their windows
   */
  LaunchCheck(CoherentKernel kernel, DeviceNode node, Function<List<NodeArgument>, NodeFence> launch, List<LaunchArgument> arguments,
      List<NodeArgument> placed) {
    this.kernel = kernel;
    this.node = node;
    List<NodeArgument> given = placed.stream().map(LaunchCheck::withContents).toList();
    this.launch = () -> launch.apply(given);
    for (int i = 0; i < placed.size(); i++) {
      if (arguments.get(i) instanceof LaunchArgument.Memory argument && placed.get(i) instanceof NodeArgument.Memory memory) {
        sort(argument, new Observed(i, argument.slice(), memory));
      }
    }
  }

  /** Nodes may give a kernel a buffer with anything in it for memory that it overwrites; here it is to find the pattern. */
  private static NodeArgument withContents(NodeArgument placed) {
    return placed instanceof NodeArgument.Memory memory && !memory.access().reads()
        ? new NodeArgument.Memory(memory.window(), memory.offsetBytes(), memory.sizeBytes(), Access.READ_WRITE) : placed;
  }

  private void sort(LaunchArgument.Memory given, Observed observed) {
    switch (given.access()) {
      case WRITE -> outputs.add(observed);
      case READ_WRITE -> changed.add(observed);
      case READ -> {
        if (given.isPromise()) {
          promised.add(observed);
        }
      }
    }
  }

  /** What was found, null if nothing. */
  BrokenPromiseException broken() {
    return broken;
  }

  /**
   * Runs the kernel, once or twice, and waits for it.
   *
   * @return its fence, which has passed, or has failed: also where the driver refused something, as outputs are filled by then
   */
  NodeFence run() {
    try (Arena arena = Arena.ofConfined()) {
      return observe(arena);
    } catch (DeviceException e) {
      return new FailedNodeFence(e);
    } catch (RuntimeException | OutOfMemoryError e) {
      return new FailedNodeFence(new DeviceException("The launch could not be checked: kernel=" + kernel.name() + ", cause=" + e, e));
    }
  }

  private NodeFence observe(Arena arena) {
    List<MemorySegment> before = downloaded(changed, arena);
    List<MemorySegment> inputs = downloaded(promised, arena);
    fill(FIRST_PATTERN, arena);
    NodeFence done = launch.get();
    if (hasFailed(done)) {
      return done;
    }
    putBack(inputs, arena);
    List<MemorySegment> first = downloaded(outputs, arena);
    if (first.stream().allMatch(output -> nextAsFilled(output, FIRST_PATTERN, 0) == output.byteSize())) {
      return done;
    }
    upload(changed, before);
    fill(PATTERN, arena);
    NodeFence again = launch.get();
    if (!hasFailed(again)) {
      putBack(inputs, arena);
      compare(first, downloaded(outputs, arena));
    }
    return again;
  }

  private static boolean hasFailed(NodeFence fence) {
    try {
      fence.awaitUninterruptibly();
      return false;
    } catch (RuntimeException e) {
      // The fence says it to who waits for the launch.
      return true;
    }
  }

  private void fill(int pattern, Arena arena) {
    upload(outputs, outputs.stream().map(output -> filled(arena.allocate(output.placed.sizeBytes()), pattern)).toList());
  }

  private static MemorySegment filled(MemorySegment segment, int pattern) {
    for (long i = 0; i < segment.byteSize(); i++) {
      segment.set(ValueLayout.JAVA_BYTE, i, byteOf(pattern, i));
    }
    return segment;
  }

  /** As if the pattern lay there as a little-endian int again and again. */
  private static byte byteOf(int pattern, long index) {
    return (byte) (pattern >>> Byte.SIZE * (index & 3));
  }

  /** The first byte from an index on that is as it was filled; the size if there is none. */
  private static long nextAsFilled(MemorySegment segment, int pattern, long start) {
    long i = start;
    while (i < segment.byteSize() && segment.get(ValueLayout.JAVA_BYTE, i) != byteOf(pattern, i)) {
      i++;
    }
    return i;
  }

  private void upload(List<Observed> arguments, List<MemorySegment> contents) {
    List<CopyRun> runs = runs(arguments, contents);
    if (!runs.isEmpty()) {
      Fences.enqueue(node, device -> device.upload(runs)).awaitUninterruptibly();
    }
  }

  private List<MemorySegment> downloaded(List<Observed> arguments, Arena arena) {
    List<MemorySegment> contents = arguments.stream().map(argument -> arena.allocate(argument.placed.sizeBytes())).toList();
    List<CopyRun> runs = runs(arguments, contents);
    if (!runs.isEmpty()) {
      Fences.enqueue(node, device -> device.download(runs)).awaitUninterruptibly();
    }
    return contents;
  }

  private static List<CopyRun> runs(List<Observed> arguments, List<MemorySegment> contents) {
    List<CopyRun> runs = new ArrayList<>(arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      runs.add(arguments.get(i).run(contents.get(i)));
    }
    return runs;
  }

  /** Undoes what the kernel did to inputs: the host's copies of them are valid too, and must stay the same. */
  private void putBack(List<MemorySegment> inputs, Arena arena) {
    List<MemorySegment> after = downloaded(promised, arena);
    for (int i = 0; i < inputs.size(); i++) {
      long changedByte = inputs.get(i).mismatch(after.get(i));
      if (changedByte >= 0) {
        note(promised.get(i), changedByte, 1, "The kernel changed an input, which was put back: ", "inOut, or by out if it writes all");
      }
    }
    upload(promised, inputs);
  }

  private void compare(List<MemorySegment> first, List<MemorySegment> second) {
    for (int i = 0; i < outputs.size(); i++) {
      long size = second.get(i).byteSize();
      long start = nextUnwritten(first.get(i), second.get(i), 0);
      if (start < size) {
        long end = start + 1;
        while (end < size && nextUnwritten(first.get(i), second.get(i), end) == end) {
          end++;
        }
        note(outputs.get(i), start, end - start, "The kernel left a part of an output unwritten: ", "inOut, or let it write all");
      }
    }
  }

  private static long nextUnwritten(MemorySegment first, MemorySegment second, long start) {
    long i = nextAsFilled(first, FIRST_PATTERN, start);
    while (i < first.byteSize() && second.get(ValueLayout.JAVA_BYTE, i) != byteOf(PATTERN, i)) {
      i = nextAsFilled(first, FIRST_PATTERN, i + 1);
    }
    return i;
  }

  /** The first finding is the one that is thrown. */
  private void note(Observed argument, long offset, long size, String what, String remedy) {
    if (broken == null) {
      KernelParameter parameter = kernel.parameters().get(argument.index);
      Slice part = argument.slice.slice(offset, size);
      broken = new BrokenPromiseException(what + "index=" + argument.index + ", parameter=" + parameter.name() + ", slice="
          + argument.slice + ", first=" + part + ", kernel=" + kernel.name() + ", device=" + kernel.device().name()
          + ". Declare it by " + remedy + ".", part);
    }
  }
}
