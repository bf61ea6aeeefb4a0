package io.samepage.samples.hostview;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.HostAccess.Mode;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Ranges; the host takes a lease for exactly what it is about to do. */
final class LeasedSpace implements HostSpace {
  /** What a lease of so many slices brings: see {@link UnifiedMemory#host(io.samepage.Access, List)}. */
  private static final int FEWEST_WITHOUT_PAGES = 16;

  private final UnifiedMemory memory;
  private final List<UnifiedRange> ranges = new ArrayList<>();

  LeasedSpace(UnifiedMemory memory) {
    this.memory = memory;
  }

  /** Bytes of a range. */
  record LeasedRegion(Slice slice) implements Region {
    @Override
    public long sizeBytes() {
      return slice.sizeBytes();
    }

    @Override
    public Region part(long offsetBytes, long sizeBytes) {
      return new LeasedRegion(slice.slice(offsetBytes, sizeBytes));
    }

    @Override
    public Argument in() {
      return Argument.in(slice);
    }

    @Override
    public Argument out() {
      return Argument.out(slice);
    }

    @Override
    public HostView view(Access access) {
      return new Leased(slice.host(access));
    }
  }

  /** What a lease lets the host at. */
  private record Leased(HostLease lease) implements HostView {
    @Override
    public List<MemorySegment> segments() {
      return lease.segments();
    }

    @Override
    public void close() {
      lease.close();
    }
  }

  @Override
  public UnifiedMemory memory() {
    return memory;
  }

  @Override
  public Mode mode() {
    return Mode.EXPLICIT;
  }

  @Override
  public long hostUnitBytes(int count, long elementBytes) {
    return count < FEWEST_WITHOUT_PAGES ? pageSizeBytes() : elementBytes;
  }

  @Override
  public Region allocate(long sizeBytes) {
    UnifiedRange range = memory.allocate(sizeBytes);
    ranges.add(range);
    return new LeasedRegion(range.all());
  }

  @Override
  public RegionGroup group(List<Region> regions) {
    List<Slice> slices = List.copyOf(regions.stream().map(Region::slice).toList());
    return access -> new Leased(memory.host(access, slices));
  }

  @Override
  public void close() {
    ranges.forEach(UnifiedRange::close);
  }
}
