package io.samepage.samples.hostview;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.HostAccess.Mode;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Plain segments of an arena; the host touches them, kernels are given them, and nobody says when. */
final class PlainSpace implements HostSpace {
  /** What a touch brings: see {@link UnifiedArena}. */
  private static final long UNIT_BYTES = 64 << 10;

  private final UnifiedArena arena;

  PlainSpace(UnifiedArena arena) {
    this.arena = arena;
  }

  /** Bytes of the arena. */
  record PlainRegion(UnifiedMemory memory, MemorySegment segment) implements Region {
    @Override
    public long sizeBytes() {
      return segment.byteSize();
    }

    @Override
    public Region part(long offsetBytes, long sizeBytes) {
      return new PlainRegion(memory, segment.asSlice(offsetBytes, sizeBytes));
    }

    @Override
    public Slice slice() {
      return memory.slice(segment);
    }

    @Override
    public Argument in() {
      return Argument.in(segment);
    }

    @Override
    public Argument out() {
      return Argument.out(segment);
    }

    @Override
    public HostView view(Access access) {
      return new Touched(List.of(segment));
    }
  }

  /** Nothing has to be asked for, and nothing given back. */
  private record Touched(List<MemorySegment> segments) implements HostView {
    @Override
    public void close() {
      // Nobody waits for this: the next launch finds what was written.
    }
  }

  @Override
  public UnifiedMemory memory() {
    return arena.memory();
  }

  @Override
  public Mode mode() {
    return Mode.TRANSPARENT;
  }

  @Override
  public long hostUnitBytes(int count, long elementBytes) {
    return UNIT_BYTES;
  }

  @Override
  public Region allocate(long sizeBytes) {
    return new PlainRegion(memory(), arena.allocate(sizeBytes, Long.BYTES));
  }

  @Override
  public RegionGroup group(List<Region> regions) {
    List<MemorySegment> segments = regions.stream().map(region -> ((PlainRegion) region).segment()).toList();
    return access -> new Touched(segments);
  }

  @Override
  public void close() {
    arena.close();
  }
}
