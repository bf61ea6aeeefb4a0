package io.samepage.coherence.state;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.coherence.directory.UniformBlocks;
import io.samepage.coherence.sync.FenceFutures;
import java.time.Duration;
import java.util.List;

/**
 * What the ranges and devices of one memory have in common, and what they ask of the rooms above: a user who calls a range or a device is
 * sent on there, so that neither knows how it is done. Safe for use by several threads.
 */
public abstract class MemoryContext implements UnifiedMemory {
  private final MemorySettings settings;
  private final Leases leases;
  private final HostRequests hostRequests = new HostRequests(this);
  private final FenceFutures futures = new FenceFutures("samepage-futures", this::retireDone);
  /** Whether advice was ever given: until then, nobody looks for it. */
  private volatile boolean advised;

  /**
   * Keeps what was said when the memory was opened.
   *
   * @param settings what was said
   */
  protected MemoryContext(MemorySettings settings) {
    this.settings = settings;
    leases = new Leases(settings.leaseTimeout());
  }

  /**
   * What was said of the memory when it was opened.
   *
   * @return the settings
   */
  public final MemorySettings settings() {
    return settings;
  }

  /**
   * Where claims on its ranges are taken.
   *
   * @return the leases
   */
  public final Leases leases() {
    return leases;
  }

  /**
   * What leases of the host claim.
   *
   * @return the requests
   */
  public final HostRequests hostRequests() {
    return hostRequests;
  }

  /**
   * What completes the futures of its fences.
   *
   * @return the futures
   */
  public final FenceFutures futures() {
    return futures;
  }

  /**
   * How long to wait for claims where nothing else was said.
   *
   * @return the timeout
   */
  public final Duration leaseTimeout() {
    return leases.patience();
  }

  /**
   * Whether advice was ever given on one of its ranges.
   *
   * @return whether it was; true for good
   */
  public final boolean isAdvised() {
    return advised;
  }

  /** Advice was given. */
  final void advised() {
    advised = true;
  }

  /**
   * The range of a slice.
   *
   * @param slice a slice
   * @return its range
   * @throws IllegalArgumentException if it belongs to another memory
   */
  public final CoherentRange own(Slice slice) {
    if (slice.range() instanceof CoherentRange range && range.memory() == this) {
      return range;
    }
    throw new IllegalArgumentException("The slice belongs to another memory: slice=" + slice + ", itsMemory=" + slice.range().memory()
        + ", thisMemory=" + this);
  }

  /**
   * A read that the calling thread may repeat, counted. Doesn't say what is wrong with what is asked.
   *
   * @param node where
   * @param slice what
   * @param access how
   * @param timeout how long one would wait
   * @return the read, or null where it has to be asked for
   */
  public final ResidentRead repeat(int node, Slice slice, Access access, Duration timeout) {
    // Advice may end when a device uses the slice again: that is seen to on the long way.
    return access == Access.READ && !timeout.isNegative() && slice.range() instanceof CoherentRange range && range.memory() == this
        && range.advice() == null ? range.claims().enter(node, slice) : null;
  }

  /**
   * Its devices, in the order of their numbers.
   *
   * @return a list that doesn't change
   */
  public abstract List<CoherentDevice> coherentDevices();

  /**
   * What blocks share whose pages all agree, for as many nodes as there are now.
   *
   * @return the blocks
   */
  public abstract UniformBlocks uniformBlocks();

  /**
   * The size of a page.
   *
   * @return bytes
   */
  public abstract int pageSizeBytes();

  /**
   * Refuses a memory that is closed.
   *
   * @throws IllegalStateException if it is
   */
  public abstract void checkOpen();

  /** Retires the launches that are complete, without waiting. */
  public abstract void retireDone();

  /**
   * See {@link io.samepage.Device#kernel}.
   *
   * @param device for which device
   * @param source where it is
   * @param name which one
   * @return the kernel
   */
  public abstract Kernel kernel(CoherentDevice device, KernelSource source, String name);

  /**
   * See {@link io.samepage.Device#acquire(Slice, Access, Duration)}.
   *
   * @param device on which device
   * @param slice what
   * @param access how
   * @param timeout how long to wait
   * @return the lease
   */
  public abstract DeviceLease acquire(CoherentDevice device, Slice slice, Access access, Duration timeout);

  /**
   * See {@link io.samepage.Device#prefetch}.
   *
   * @param device to which device
   * @param slice what
   * @return when it is there
   */
  public abstract Fence prefetch(CoherentDevice device, Slice slice);

  /**
   * See {@link io.samepage.Device#adopt}.
   *
   * @param device whose memory it is
   * @param slice for which slice
   * @param handle the memory
   */
  public abstract void adopt(CoherentDevice device, Slice slice, long handle);

  /**
   * See {@link io.samepage.UnifiedRange#discard}.
   *
   * @param range a range that is open
   * @param slice a slice of it
   */
  public abstract void discard(CoherentRange range, Slice slice);

  /**
   * See {@link io.samepage.UnifiedRange#close}.
   *
   * @param range a range that its user closes
   */
  public abstract void close(CoherentRange range);
}
