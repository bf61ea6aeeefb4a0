package io.samepage.testkit;

import io.samepage.Access;
import io.samepage.Lease;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The obvious model that random operations are compared with: a plain array for each range, and the leases that are held. */
final class PlainModel {
  /** The host's number among the nodes; devices count from 0. */
  static final int HOST = -1;
  static final int SLOTS = 8;

  /** A range beside the bytes that it must have; and, where it is touched without leases, its arena and segment. */
  record ModelRange(UnifiedRange range, byte[] bytes, Arena arena, MemorySegment segment) {
    void close() {
      if (arena == null) {
        range.close();
      } else {
        arena.close();
      }
    }
  }

  /** A slice beside the bytes that it must have. */
  record ModelSlice(ModelRange in, int offset, int size) {
    Slice slice() {
      return new Slice(in.range, offset, size);
    }

    /** {@return the bytes as the host touches them} */
    MemorySegment touched() {
      return in.segment.asSlice(offset, size);
    }

    MemorySegment bytes() {
      return MemorySegment.ofArray(in.bytes).asSlice(offset, size);
    }

    boolean sharesByte(ModelSlice other) {
      return in == other.in && offset < other.offset + other.size && other.offset < offset + size;
    }

    boolean sharesPage(ModelSlice other, long page) {
      return in == other.in && offset / page <= (other.offset + other.size - 1) / page
          && other.offset / page <= (offset + size - 1) / page;
    }

    @Override
    public String toString() {
      return in.range.name() + "[" + offset + ", " + (offset + size) + ")";
    }
  }

  /** A slice and what is done with it. */
  record Use(ModelSlice slice, Access access) {
    boolean overlaps(Use other) {
      return (access.writes() || other.access.writes()) && slice.sharesByte(other.slice);
    }

    @Override
    public String toString() {
      return access + " " + slice;
    }
  }

  /** A lease that stays open over several operations. */
  record Held(Lease lease, int node, List<Use> uses) {}

  /** A slice whose memory on a node is the program's, as nothing beside it was used there since. */
  record Adopted(ModelSlice slice, int node, long handle) {
    boolean contains(int aNode, ModelSlice other) {
      return node == aNode && slice.in == other.in && slice.offset <= other.offset
          && other.offset + other.size <= slice.offset + slice.size;
    }
  }

  /** A range on a node. */
  private record Placed(ModelRange range, int node) {}

  private final long page;
  /** Device memory is taken in multiples of it. */
  private final long unit;
  /** Whether the host touches ranges without leases; a device lease that writes wants its pages for itself then. */
  private final boolean isTouched;
  private final ModelRange[] slots = new ModelRange[SLOTS];
  private final List<Held> held = new ArrayList<>();
  private final List<Held> left = new ArrayList<>();
  private final List<Adopted> adopted = new ArrayList<>();
  private final Set<Placed> used = new HashSet<>();
  private final Set<Placed> everAdopted = new HashSet<>();
  private final List<ModelSlice> writtenByDevices = new ArrayList<>();
  private long mostUnitBytes;

  PlainModel(long page, long unit) {
    this.page = page;
    this.unit = unit;
    isTouched = unit > page;
  }

  long page() {
    return page;
  }

  ModelRange slot(int slot) {
    return slots[slot];
  }

  void put(int slot, UnifiedRange range) {
    put(slot, range, null, null);
  }

  void put(int slot, UnifiedRange range, Arena arena, MemorySegment segment) {
    slots[slot] = new ModelRange(range, new byte[(int) range.sizeBytes()], arena, segment);
    mostUnitBytes = Math.max(mostUnitBytes, live().stream().mapToLong(each -> Math.ceilDiv(each.bytes.length, unit) * unit).sum());
  }

  void remove(int slot) {
    ModelRange range = slots[slot];
    writtenByDevices.removeIf(slice -> slice.in == range);
    adopted.removeIf(each -> each.slice.in == range);
    used.removeIf(each -> each.range == range);
    everAdopted.removeIf(each -> each.range == range);
    slots[slot] = null;
  }

  List<ModelRange> live() {
    List<ModelRange> live = new ArrayList<>();
    for (ModelRange range : slots) {
      if (range != null) {
        live.add(range);
      }
    }
    return live;
  }

  List<Held> held() {
    return held;
  }

  /** {@return leases that the memory is to close, and that may be closed by now} */
  List<Held> left() {
    return left;
  }

  private Stream<Held> open() {
    return Stream.concat(held.stream(), left.stream());
  }

  List<Adopted> adopted() {
    return adopted;
  }

  /** A node is about to use slices: it may take memory for them, which takes the place of what was adopted for other parts. */
  void uses(int node, List<Use> uses) {
    for (Use use : uses) {
      used.add(new Placed(use.slice.in, node));
      adopted.removeIf(each -> each.node == node && each.slice.in == use.slice.in && !each.contains(node, use.slice));
    }
  }

  void adopts(Adopted each) {
    adopted.add(each);
    everAdopted.add(new Placed(each.slice.in, each.node));
  }

  boolean isUsed(int node, ModelRange range) {
    return used.contains(new Placed(range, node));
  }

  boolean isAdopted(int node, ModelSlice slice) {
    return adopted.stream().anyMatch(each -> each.contains(node, slice));
  }

  /** {@return whether adopted memory may have to be replaced for a slice: that takes more than the slice itself} */
  boolean mayReplaceAdopted(int node, ModelSlice slice) {
    return everAdopted.contains(new Placed(slice.in, node)) && !isAdopted(node, slice);
  }

  boolean isTouched() {
    return isTouched;
  }

  void writtenByDevice(ModelSlice slice) {
    writtenByDevices.add(slice);
    if (writtenByDevices.size() > SLOTS) {
      writtenByDevices.removeFirst();
    }
  }

  /** {@return what devices have written last; somebody else may have it by now} */
  List<ModelSlice> writtenByDevices() {
    return writtenByDevices;
  }

  boolean isHeld(ModelRange range) {
    return open().anyMatch(h -> h.uses.stream().anyMatch(use -> use.slice.in == range));
  }

  boolean isHeldOn(int node) {
    return held.stream().anyMatch(h -> h.node == node);
  }

  /** {@return whether a lease of this node is held on one of the ranges that are used} */
  boolean isHeldOn(int node, List<Use> uses) {
    return held.stream().filter(h -> h.node == node).flatMap(h -> h.uses.stream())
        .anyMatch(theirs -> uses.stream().anyMatch(ours -> ours.slice.in == theirs.slice.in));
  }

  /** {@return whether a lease or launch with these uses conflicts with a lease that is held} */
  boolean conflicts(int node, List<Use> uses, boolean isLease) {
    return held.stream().anyMatch(h -> conflicts(h, node, uses, isLease));
  }

  /** {@return whether it conflicts with this lease} */
  boolean conflicts(Held h, int node, List<Use> uses, boolean isLease) {
    return h.uses.stream().anyMatch(theirs -> uses.stream().anyMatch(ours ->
        (ours.access.writes() || theirs.access.writes()) && (node == h.node && !wantsPages(node, isLease, ours, theirs)
            ? ours.slice.sharesByte(theirs.slice) : ours.slice.sharesPage(theirs.slice, page))));
  }

  private boolean wantsPages(int node, boolean isLease, Use ours, Use theirs) {
    return isTouched && node != HOST && (theirs.access.writes() || (isLease && ours.access.writes()));
  }

  /** {@return what of a slice is whole pages; those at the end of the range are whole where it ends} */
  Optional<ModelSlice> wholePages(ModelSlice slice) {
    long end = slice.offset + slice.size;
    long first = Math.ceilDiv(slice.offset, page) * page;
    long last = end == slice.in.bytes.length ? end : end / page * page;
    return first < last ? Optional.of(new ModelSlice(slice.in, (int) first, (int) (last - first))) : Optional.empty();
  }

  /** {@return the units that a slice touches, as much of them as the range has} */
  ModelSlice inUnits(ModelSlice slice) {
    long first = slice.offset / unit * unit;
    long end = Math.min(slice.in.bytes.length, Math.ceilDiv(slice.offset + slice.size, unit) * unit);
    return new ModelSlice(slice.in, (int) first, (int) (end - first));
  }

  /** {@return whether a lease is held on a page of the slice} */
  boolean isPageHeld(ModelSlice slice) {
    return open().anyMatch(h -> h.uses.stream().anyMatch(use -> use.slice.sharesPage(slice, page)));
  }

  /** {@return whether two of them share a byte and one writes it} */
  static boolean overlap(List<Use> uses) {
    for (int i = 0; i < uses.size(); i++) {
      for (int k = 0; k < i; k++) {
        if (uses.get(i).overlaps(uses.get(k))) {
          return true;
        }
      }
    }
    return false;
  }

  /** {@return how many bytes the units of all ranges have taken at most: what is small because of that stays so} */
  long mostUnitBytes() {
    return mostUnitBytes;
  }

  /** {@return how many bytes the units take that they touch on a node, but for those in adopted memory} */
  long unitBytes(int node, List<Use> uses) {
    return unit * uses.stream().map(Use::slice).filter(slice -> !isAdopted(node, slice)).flatMap(slice -> LongStream
        .rangeClosed(slice.offset / unit, (slice.offset + slice.size - 1) / unit)
        .mapToObj(p -> slice.in.range.name() + p)).distinct().count();
  }
}
