package io.samepage.host;

import io.samepage.OutOfHostMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Host memory that is watched: pages have two views, and threads that touch one in the user view which a device has, wait until the
 * fault handler has fetched it. Extents are carved from few large reservations in whole units of 64 KiB. May be used by any thread.
 */
public final class WatchedMemory implements AutoCloseable {
  /** The property that chooses: {@code auto}, or {@code explicit} to do without. */
  public static final String ACCESS_PROPERTY = "samepage.host.access";

  private static final Logger LOG = LoggerFactory.getLogger(WatchedMemory.class);
  private static final long RESERVATION_BYTES = 64L << 30;
  private static final int REASON_BYTES = 512;
  /** What {@code struct sp_opencl} has. */
  private static final int OPENCL_NUMBERS = 8;

  /**
   * What came of opening it.
   *
   * @param memory the memory; null if it was refused
   * @param refusal why not; null if there is one
   */
  public record Attempt(WatchedMemory memory, Refusal refusal) {}

  private final long context;
  private final List<WatchedReservation> reservations = new ArrayList<>();
  /** Extents that were freed while a read that was given up may still write to them. */
  private final List<WatchedExtent> unsafe = new ArrayList<>();
  /** What the fault handler looks at: not left to the garbage collector, as it goes on where the memory is leaked. */
  private final Arena tables = Arena.ofShared();
  private final StructPool windowStructs = new StructPool(tables, FaultWindow.SIZE_BYTES);
  private final StructPool rangeCounts = new StructPool(tables, RangeCounts.SIZE_BYTES);

  private WatchedMemory(long context) {
    this.context = context;
  }

  /**
   * Starts the fault handler where that can be had.
   *
   * @return the memory, or the reason why not
   * @throws IllegalArgumentException if a property has a value it can't have
   */
  public static Attempt open() {
    String access = System.getProperty(ACCESS_PROPERTY, "auto");
    if (access.equals("explicit")) {
      return new Attempt(null, new Refusal("it was switched off: " + ACCESS_PROPERTY + "=explicit",
          "Start Java without this property, or with " + ACCESS_PROPERTY + "=auto."));
    }
    if (!access.equals("auto")) {
      throw new IllegalArgumentException(ACCESS_PROPERTY + "=" + access + " is not one of auto, explicit");
    }
    WatchedSettings settings = WatchedSettings.fromProperties();
    Refusal refusal = FaultLibraryNative.refusal();
    return refusal != null ? new Attempt(null, refusal) : open(settings);
  }

  private static Attempt open(WatchedSettings settings) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment context = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment reason = arena.allocate(REASON_BYTES);
      int error = FaultNative.open(settings.struct(arena), context, reason);
      return error == 0 ? new Attempt(new WatchedMemory(context.get(ValueLayout.JAVA_LONG, 0)), null)
          : new Attempt(null, Refusal.of(reason.getString(0)));
    }
  }

  /** {@return the size of a page in bytes} */
  public int pageSizeBytes() {
    return FaultWords.PAGE_BYTES;
  }

  /** {@return how many pages belong together: windows are made of whole units} */
  public int unitPages() {
    return FaultWords.UNIT_PAGES;
  }

  /** {@return how many devices there can be} */
  public static int mostDevices() {
    return FaultWords.DEVICES;
  }

  /**
   * Puts a device's functions where the fault handler finds them, for as long as this memory is open.
   *
   * @param functions the functions
   * @return where they are
   */
  public long functions(OpenClFunctions functions) {
    return tables.allocateFrom(ValueLayout.JAVA_LONG, functions.enqueueReadBuffer(), functions.enqueueWriteBuffer(), functions.flush(),
        functions.getEventInfo(), functions.retainEvent(), functions.releaseEvent(), functions.fetchQueue(),
        functions.commandQueue()).address();
  }

  /**
   * The same for a CUDA device.
   *
   * @param device the address of its {@code struct sp_cuda}, which stays good until the windows that name it are gone
   * @return where they are
   */
  public long cudaFunctions(long device) {
    MemorySegment adapted = tables.allocate(ValueLayout.JAVA_LONG, OPENCL_NUMBERS);
    FaultNative.adaptCuda(device, adapted);
    return adapted.address();
  }

  StructPool windowStructs() {
    return windowStructs;
  }

  StructPool rangeCounts() {
    return rangeCounts;
  }

  /**
   * Takes address space. It is zero.
   *
   * @param sizeBytes how much, at least 1; rounded up to whole units
   * @param alignmentBytes what the user address is to be a multiple of, a power of two
   * @return the extent
   * @throws OutOfHostMemoryException if the system refuses
   */
  public synchronized WatchedExtent allocate(long sizeBytes, long alignmentBytes) {
    long alignment = Math.max(alignmentBytes, FaultWords.UNIT_BYTES);
    if (sizeBytes > Long.MAX_VALUE / 4 || alignment > Long.MAX_VALUE / 4) {
      throw new OutOfHostMemoryException("No address space of that size: sizeBytes=" + sizeBytes + ", alignmentBytes=" + alignmentBytes);
    }
    reuseSafe();
    long rounded = Math.ceilDiv(sizeBytes, FaultWords.UNIT_BYTES) * FaultWords.UNIT_BYTES;
    if (rounded >= FaultWords.BLOCK_BYTES) {
      alignment = Math.max(alignment, FaultWords.BLOCK_BYTES);
    }
    for (WatchedReservation reservation : reservations) {
      WatchedExtent extent = reservation.take(this, rounded, alignment);
      if (extent != null) {
        return extent;
      }
    }
    WatchedReservation reservation = reserve(alignment > FaultWords.BLOCK_BYTES ? rounded + alignment : rounded);
    reservations.add(reservation);
    return reservation.take(this, rounded, alignment);
  }

  /** Takes the usual size, or less of it where address space is limited, but what is needed in any case. */
  private WatchedReservation reserve(long neededBytes) {
    long needed = Math.ceilDiv(neededBytes, FaultWords.BLOCK_BYTES) * FaultWords.BLOCK_BYTES;
    for (long size = RESERVATION_BYTES; size > needed; size /= 2) {
      try {
        return WatchedReservation.of(context, size);
      } catch (OutOfHostMemoryException e) {
        LOG.debug("A reservation of {} bytes was refused, trying less: {}", size, e.getMessage());
      }
    }
    return WatchedReservation.of(context, needed);
  }

  synchronized void give(WatchedExtent extent) {
    if (extent.hasPendingReads()) {
      LOG.warn("Memory is kept back, as a driver may still write to it: {}", extent);
      unsafe.add(extent);
    } else {
      reuse(extent);
    }
  }

  private void reuseSafe() {
    for (WatchedExtent extent : List.copyOf(unsafe)) {
      if (!extent.hasPendingReads()) {
        unsafe.remove(extent);
        reuse(extent);
      }
    }
  }

  private void reuse(WatchedExtent extent) {
    extent.dropFrames(0, extent.pages());
    WatchedReservation reservation = extent.reservation();
    reservation.give(extent);
    if (reservation.isUnused() && reservations.size() > 1) {
      reservations.remove(reservation);
      reservation.close();
    }
  }

  /** {@return what the fault handler has counted} */
  public WatchedCounts counts() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(WatchedCounts.SIZE_BYTES, Long.BYTES);
      FaultNative.statistics(context, struct);
      return WatchedCounts.of(struct);
    }
  }

  /** Answers a call's result, or throws what the library says of it. */
  long checked(String call, long result) {
    if (result < 0) {
      throw new IllegalStateException("The native library failed: call=" + call + ", errno=" + -result + ", lastError=" + lastError());
    }
    return result;
  }

  private String lastError() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(REASON_BYTES);
      FaultNative.lastError(context, text);
      return text.getString(0);
    }
  }

  /** Stops the fault handler and gives everything back. Nobody uses an extent any more. */
  @Override
  public synchronized void close() {
    WatchedCounts counts = counts();
    if (counts.errors() > 0) {
      LOG.warn("The fault handler has met errors: errors={}, last={}", counts.errors(), lastError());
    }
    int pending = FaultNative.close(context);
    if (pending > 0) {
      LOG.warn("Memory stays mapped, as a driver may still write to it: pendingReads={}", pending);
    }
    reservations.clear();
    tables.close();
  }
}
