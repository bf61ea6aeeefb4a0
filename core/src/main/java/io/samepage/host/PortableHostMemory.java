package io.samepage.host;

import io.samepage.OutOfHostMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Host memory anywhere: the allocator of {@code java.lang.foreign}. It touches what it gives out. */
final class PortableHostMemory implements HostMemory {
  /** What most systems use; only a unit of bookkeeping here, as nothing is mapped. */
  private static final int PAGE_SIZE_BYTES = 4096;

  private final Set<Extent> extents = ConcurrentHashMap.newKeySet();

  private final class Extent implements HostExtent {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pages;

    Extent(long sizeBytes) {
      try {
        pages = arena.allocate(sizeBytes, PAGE_SIZE_BYTES);
      } catch (OutOfMemoryError | IllegalArgumentException e) {
        arena.close();
        throw new OutOfHostMemoryException("No memory of that size: sizeBytes=" + sizeBytes + ", cause=" + e.getMessage());
      }
    }

    @Override
    public long address() {
      return pages.address();
    }

    @Override
    public void free() {
      extents.remove(this);
      arena.close();
    }
  }

  @Override
  public int pageSizeBytes() {
    return PAGE_SIZE_BYTES;
  }

  @Override
  public HostExtent allocate(long sizeBytes) {
    if (sizeBytes > Long.MAX_VALUE - PAGE_SIZE_BYTES) {
      throw new OutOfHostMemoryException("No memory of that size: sizeBytes=" + sizeBytes);
    }
    Extent extent = new Extent(Math.ceilDiv(sizeBytes, PAGE_SIZE_BYTES) * PAGE_SIZE_BYTES);
    extents.add(extent);
    return extent;
  }

  @Override
  public void close() {
    Set.copyOf(extents).forEach(Extent::free);
  }
}
