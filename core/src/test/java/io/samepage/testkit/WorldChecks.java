package io.samepage.testkit;

import io.samepage.Device;
import io.samepage.MemoryKind;
import io.samepage.MemoryStatistics;
import io.samepage.Residency;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.PlainModel.ModelSlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Compares a memory with its model. */
final class WorldChecks {
  private final UnifiedMemory memory;
  private final PlainModel model;

  WorldChecks(UnifiedMemory memory, PlainModel model) {
    this.memory = memory;
    this.model = model;
  }

  static void check(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new AssertionError(message.get());
    }
  }

  String nodeName(int node) {
    return node == PlainModel.HOST ? Residency.HOST : memory.devices().get(node).name();
  }

  /** {@return the node that has just written a slice, by who holds its first page; the host for all that use its pages} */
  int writer(ModelSlice slice) {
    List<String> nodes = slice.slice().residency().nodes(0);
    return IntStream.range(0, memory.devices().size()).filter(node -> !isAtHome(node) && nodes.contains(nodeName(node)))
        .findFirst().orElse(PlainModel.HOST);
  }

  /** What touches bring ahead may come home from a device right after that has written it. */
  void onlyHolder(int node, ModelSlice slice) {
    Residency residency = slice.slice().residency();
    for (int page : new int[] {0, residency.pageCount() - 1}) {
      List<String> nodes = residency.nodes(page);
      check(nodes.equals(onlyHolders(node)) || (model.isTouched() && isBroughtHome(node, nodes)),
          () -> "A writer is the only holder: node=" + nodeName(node) + ", page=" + page + " of " + slice + ", " + nodes);
    }
  }

  /** Whether a node and all that use the host's pages hold a page, and no one else. */
  private boolean isBroughtHome(int node, List<String> holders) {
    return holders.equals(Stream.concat(Stream.of(nodeName(node)), onlyHolders(PlainModel.HOST).stream()).distinct().sorted().toList());
  }

  /** A node alone, or all that use the host's pages as it does. In the order of residencies. */
  private List<String> onlyHolders(int node) {
    return isAtHome(node) ? Stream.concat(memory.devices().stream().filter(device -> device.memoryKind() != MemoryKind.DISCRETE)
        .map(Device::name), Stream.of(Residency.HOST)).sorted().toList() : List.of(nodeName(node));
  }

  /** Whether a node uses the host's pages. */
  boolean isAtHome(int node) {
    return node == PlainModel.HOST || memory.devices().get(node).memoryKind() != MemoryKind.DISCRETE;
  }

  void holdsAll(int node, ModelSlice slice) {
    Residency residency = slice.slice().residency();
    check(residency.pagesOn(nodeName(node)) == residency.pageCount(),
        () -> "What was brought is there: node=" + nodeName(node) + ", slice=" + slice + ", " + residency);
  }

  void untouched(ModelSlice slice) {
    Residency residency = slice.slice().residency();
    check(residency.untouchedPages() == residency.pageCount() && residency.pagesOn(Residency.HOST) == residency.pageCount()
        && IntStream.range(0, memory.devices().size()).allMatch(node -> isAtHome(node) || residency.pagesOn(nodeName(node)) == 0),
        () -> "What was discarded is as if never written: slice=" + slice + ", " + residency);
  }

  void poisoned(ModelSlice slice) {
    Residency residency = slice.slice().residency();
    check(residency.poisonedPages() == residency.pageCount(), () -> "What was to be written is lost: slice=" + slice + ", " + residency);
  }

  void counts() {
    for (Device device : memory.devices()) {
      long used = device.usedBytes();
      check(used >= 0 && used <= device.budgetBytes(),
          () -> "A device keeps its budget: device=" + device.name() + ", usedBytes=" + used + ", budgetBytes=" + device.budgetBytes());
    }
    MemoryStatistics statistics = memory.statistics();
    check(statistics.openRanges() == model.live().size() && statistics.openLeases() >= model.held().size(),
        () -> "Ranges and leases are counted: " + statistics + ", ranges=" + model.live().size() + ", held=" + model.held().size());
  }

  void compare(MemorySegment segment, ModelSlice slice) {
    long at = segment.mismatch(slice.bytes());
    check(at < 0, () -> "Wrong byte: slice=" + slice + ", at=" + (slice.offset() + at) + ", expected="
        + slice.bytes().get(ValueLayout.JAVA_BYTE, at) + ", found=" + segment.get(ValueLayout.JAVA_BYTE, at));
  }
}
