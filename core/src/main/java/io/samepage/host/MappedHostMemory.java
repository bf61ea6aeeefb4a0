package io.samepage.host;

import io.samepage.OutOfHostMemoryException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Host memory on Linux: ranges are carved from few large reservations, each a memfd that is mapped once as the manager view. One
 * mapping or one file for each range would run out at some ten thousand ranges.
 */
final class MappedHostMemory implements HostMemory {
  private static final Logger LOG = LoggerFactory.getLogger(MappedHostMemory.class);
  private static final long RESERVATION_BYTES = 64L << 30;
  /** Ranges of a block or more start on a block, so that blocks of the address space belong to one range. */
  private static final long BLOCK_BYTES = 2L << 20;

  /** A memfd and its mapping. Guarded by the monitor of its memory. */
  private static final class Reservation {
    final int file;
    final long managerView;
    final long sizeBytes;
    final FreeList free;

    Reservation(long sizeBytes) {
      this.sizeBytes = sizeBytes;
      file = HostNative.createFrames("samepage", sizeBytes);
      try {
        managerView = HostNative.map(file, sizeBytes);
      } catch (OutOfHostMemoryException e) {
        HostNative.closeFile(file);
        throw e;
      }
      free = new FreeList(sizeBytes);
    }

    void close() {
      HostNative.unmap(managerView, sizeBytes);
      HostNative.closeFile(file);
    }
  }

  private final class Extent implements HostExtent {
    private final Reservation reservation;
    private final long offset;
    private final long sizeBytes;

    Extent(Reservation reservation, long offset, long sizeBytes) {
      this.reservation = reservation;
      this.offset = offset;
      this.sizeBytes = sizeBytes;
    }

    @Override
    public long address() {
      return reservation.managerView + offset;
    }

    @Override
    public void discard(long first, long bytes) {
      HostNative.punchHole(reservation.file, offset + first, bytes);
    }

    @Override
    public void free() {
      HostNative.punchHole(reservation.file, offset, sizeBytes);
      give(reservation, offset, sizeBytes);
    }
  }

  private final int pageSizeBytes = HostNative.pageSizeBytes();
  private final List<Reservation> reservations = new ArrayList<>();

  @Override
  public int pageSizeBytes() {
    return pageSizeBytes;
  }

  @Override
  public synchronized HostExtent allocate(long sizeBytes) {
    if (sizeBytes > Long.MAX_VALUE - BLOCK_BYTES) {
      throw new OutOfHostMemoryException("No address space of that size: sizeBytes=" + sizeBytes);
    }
    long rounded = Math.ceilDiv(sizeBytes, pageSizeBytes) * pageSizeBytes;
    long alignment = rounded >= BLOCK_BYTES ? BLOCK_BYTES : pageSizeBytes;
    for (Reservation reservation : reservations) {
      long offset = reservation.free.take(rounded, alignment);
      if (offset >= 0) {
        return new Extent(reservation, offset, rounded);
      }
    }
    Reservation reservation = reserve(rounded);
    reservations.add(reservation);
    return new Extent(reservation, reservation.free.take(rounded, alignment), rounded);
  }

  /** Takes the usual size, or less of it where address space is limited, but what is needed in any case. */
  private Reservation reserve(long neededBytes) {
    for (long size = RESERVATION_BYTES; size > neededBytes; size /= 2) {
      try {
        return new Reservation(size);
      } catch (OutOfHostMemoryException e) {
        LOG.debug("A reservation of {} bytes was refused, trying less: {}", size, e.getMessage());
      }
    }
    return new Reservation(neededBytes);
  }

  private synchronized void give(Reservation reservation, long offset, long sizeBytes) {
    reservation.free.give(offset, sizeBytes);
    if (reservation.free.isUnused() && reservations.size() > 1) {
      reservations.remove(reservation);
      reservation.close();
    }
  }

  @Override
  public synchronized void close() {
    reservations.forEach(Reservation::close);
    reservations.clear();
  }
}
