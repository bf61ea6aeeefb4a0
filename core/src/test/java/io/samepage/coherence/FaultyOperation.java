package io.samepage.coherence;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.Slice;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** One thing that tests do with a memory whose devices may fail. {@code device} is −1 where the host alone does it. */
record FaultyOperation(Kind kind, int device, Slice slice, Slice from, int value) {
  /** What is done. */
  enum Kind {
    /** The host fills the slice. */
    HOST_FILL(Access.WRITE),
    /** The host adds to each int. */
    HOST_ADD(Access.READ_WRITE),
    /** The host reads and compares. */
    HOST_READ(Access.READ),
    /** A device lease fills the slice. */
    LEASE_FILL(Access.WRITE),
    /** A device lease reads and compares. */
    LEASE_READ(Access.READ),
    /** A kernel fills the slice. */
    FILL(Access.WRITE),
    /** A kernel takes its time and then fills the slice. */
    SLOW_FILL(Access.WRITE),
    /** A kernel adds to each int. */
    ADD(Access.READ_WRITE),
    /** A kernel copies another slice. */
    COPY(Access.WRITE),
    /** The slice is brought to a device. */
    PREFETCH(Access.READ),
    /** The slice is brought to the host. */
    PREFETCH_HOME(Access.READ),
    /** The slice is filled where it is. */
    FILL_THERE(Access.WRITE),
    /** Another slice is copied where that is. */
    COPY_THERE(Access.WRITE),
    /** A kernel fails after it has spoilt the slice. */
    BREAK(Access.WRITE);

    final Access access;

    Kind(Access access) {
      this.access = access;
    }
  }

  static FaultyOperation onHost(Kind kind, Slice slice, int value) {
    return new FaultyOperation(kind, -1, slice, null, value);
  }

  static FaultyOperation on(int device, Kind kind, Slice slice, int value) {
    return new FaultyOperation(kind, device, slice, null, value);
  }

  static FaultyOperation copy(int device, Slice from, Slice to) {
    return new FaultyOperation(Kind.COPY, device, to, from, 0);
  }

  static FaultyOperation copyThere(Slice from, Slice to) {
    return new FaultyOperation(Kind.COPY_THERE, 0, to, from, 0);
  }

  List<Slice> slices() {
    return from == null ? List.of(slice) : List.of(slice, from);
  }

  boolean sharesPages(FaultyOperation other) {
    return slices().stream().anyMatch(ours -> other.slices().stream().anyMatch(theirs -> PlainPages.sharePages(ours, theirs)));
  }

  /** Whether it needs bytes that are lost. */
  boolean needsLost(PlainPages expected) {
    return expected.isLost(slice, kind.access) || (from != null && expected.isLost(from, Access.READ));
  }

  /** What came of it: the fence of a launch, or what was read. */
  record Outcome(Fence fence, int[] read) {}

  Outcome perform(FaultyMemory world) {
    return switch (kind) {
      case HOST_FILL, HOST_ADD, HOST_READ -> {
        try (HostLease lease = slice.host(kind.access)) {
          yield new Outcome(null, use(lease.segment()));
        }
      }
      case LEASE_FILL, LEASE_READ -> {
        try (DeviceLease lease = world.device(device).acquire(slice, kind.access)) {
          long address = lease.handle() + lease.handleOffsetBytes();
          yield new Outcome(null, use(MemorySegment.ofAddress(address).reinterpret(slice.sizeBytes())));
        }
      }
      case FILL -> new Outcome(world.launchFill(device, slice, value), null);
      case SLOW_FILL -> new Outcome(world.launchSlowFill(device, slice, value), null);
      case ADD -> new Outcome(world.launchIncrement(device, slice, value), null);
      case COPY -> new Outcome(world.launchCopy(device, from, slice), null);
      case PREFETCH -> new Outcome(slice.prefetchTo(world.device(device)), null);
      case PREFETCH_HOME -> new Outcome(slice.prefetchToHost(), null);
      case FILL_THERE -> new Outcome(slice.fill((byte) value), null);
      case COPY_THERE -> new Outcome(from.copyTo(slice), null);
      case BREAK -> new Outcome(world.launchBroken(device, slice), null);
    };
  }

  private int[] use(MemorySegment segment) {
    if (kind.access == Access.READ) {
      return segment.toArray(FaultyMemory.INT);
    }
    for (long i = 0; i < slice.sizeBytes() / 4; i++) {
      segment.setAtIndex(FaultyMemory.INT, i, kind == Kind.HOST_ADD ? segment.getAtIndex(FaultyMemory.INT, i) + value : value);
    }
    return null;
  }

  /** What it makes of plain arrays when it succeeds. */
  void apply(PlainPages expected) {
    switch (kind) {
      case HOST_FILL, LEASE_FILL, FILL, SLOW_FILL -> expected.write(slice, kind.access, old -> value);
      case HOST_ADD, ADD -> expected.write(slice, kind.access, old -> old + value);
      case FILL_THERE -> expected.write(slice, kind.access, old -> (byte) value * 0x01010101);
      case COPY, COPY_THERE -> {
        int[] source = expected.ints(from);
        int[] next = {0};
        expected.write(slice, kind.access, old -> source[next[0]++]);
      }
      case HOST_READ, LEASE_READ, PREFETCH, PREFETCH_HOME -> { }
      case BREAK -> throw new IllegalStateException("It never succeeds");
    }
  }

  @Override
  public String toString() {
    return kind + (device < 0 ? "" : " on " + device) + " " + slice + (from == null ? "" : " from " + from) + " value=" + value;
  }
}
