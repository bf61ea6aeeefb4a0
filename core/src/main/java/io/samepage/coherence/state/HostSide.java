package io.samepage.coherence.state;

import io.samepage.HostStatistics;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.node.NodeFence;
import java.util.List;

/**
 * How the host uses the pages of a range: through leases alone, or by touching them as well. What is said here holds for the latter; where
 * there are leases alone the directory knows everything, and there is nothing to do.
 *
 * <p>Called without a lock of a range, unless it is said, and by one thread at a time for each page: the claims see to it.
 */
public abstract class HostSide {
  /** For the kinds of host sides. */
  protected HostSide() {}

  /** {@return where the range begins, as leases and copies see it} */
  public abstract long address();

  /**
   * Where the range begins, as who touches it sees it.
   *
   * @return the address; 0 where nobody may
   */
  public abstract long userAddress();

  /** {@return whether the host touches the range without leases} */
  public abstract boolean isWatched();

  /**
   * Whether the host may have touched pages since a device that now has them was told. Called by any thread at any time.
   *
   * @param spans what the device has
   * @return whether it may
   */
  public abstract boolean mayBeTouched(List<Span> spans);

  /**
   * Rounds pages to the units that windows are made of.
   *
   * @param pages some pages
   * @return all pages of the units that they lie in
   */
  public abstract PageRuns inWindowUnits(PageRuns pages);

  /** {@return how many pages such a unit has, a power of two} */
  public abstract int windowUnitPages();

  /**
   * Before a request is planned: enters in the directory what the host has written, and brought by touching.
   *
   * @param claim what is asked for
   */
  public abstract void reconcile(Claim<LeaseRequest> claim);

  /**
   * The same for a look at pages, as far as nobody is at work on them. Called under the range's lock.
   *
   * @param firstPage the first page
   * @param endPage behind the last
   */
  public abstract void refresh(long firstPage, long endPage);

  /**
   * Brings pages from devices, and enters them in the directory.
   *
   * @param pages the pages, ascending in each of the runs
   * @throws io.samepage.PoisonedPageException if one of them can't be had any more
   */
  public abstract void bringHome(List<PageRuns> pages);

  /**
   * Maps pages that are at home, so that touching them needs nobody.
   *
   * @param claim whose pages
   */
  public abstract void map(Claim<LeaseRequest> claim);

  /**
   * Before a lease is handed out, or a launch enqueued, that uses the host's pages: what it overwrites is the host's. What a launch will
   * overwrite is brought first, as far as it is to be had, where touches may look at it meanwhile.
   *
   * @param claim whose pages
   * @throws io.samepage.DeviceException if a copy that was given up may still arrive there; then nothing has become the host's
   */
  public abstract void entrust(Claim<LeaseRequest> claim);

  /**
   * It came to nothing: pages that others still hold, by the directory, are theirs again, and those that are poisoned are so. For a claim
   * of the host behind {@link #entrust} alone: before it, it would take away what a touch has stored.
   *
   * @param claim whose pages
   */
  public abstract void takeBack(Claim<LeaseRequest> claim);

  /**
   * Drops the host's frames, behind {@link #entrust}: they are zero afterwards. The directory is told behind it.
   *
   * @param firstPage the first page
   * @param endPage behind the last
   */
  public abstract void discard(long firstPage, long endPage);

  /**
   * Sets the host's frames to zero, in the place of {@link #discard}, where a device needs them to stay.
   *
   * @param firstPage the first page
   * @param endPage behind the last
   */
  public abstract void zero(long firstPage, long endPage);

  /**
   * The window is in the directory's books, but nothing in it is the device's alone. Called before anything can be.
   *
   * @param window the window
   */
  public abstract void placed(PlacedWindow window);

  /**
   * What of a window is the device's alone goes home, and the window is forgotten.
   *
   * @param window the window
   */
  public abstract void evacuate(PlacedWindow window);

  /**
   * Makes the fault handler's side of a window.
   *
   * @param device the device that has it
   * @param firstByte where in the range it begins
   * @param sizeBytes its size
   * @param handle where it begins, as the device's commands are told
   * @return its side; null where there is none
   */
  public abstract WatchedWindow watch(CoherentDevice device, long firstByte, long sizeBytes, long handle);

  /**
   * A kernel that writes is in a queue: its results are complete with a fence. Called under the device's submission lock.
   *
   * @param claim what the kernel writes
   * @param device its device
   * @param queue which of the device's queues it is in
   * @param done behind the kernel
   */
  public abstract void publish(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done);

  /**
   * A kernel or lease has written: the host's copies are withdrawn; where the device uses the host's pages, touches wait for the kernel
   * from now on. Behind {@link #publish}, before the directory is told.
   *
   * @param claim what was written
   * @param device by which device
   * @return whether bytes beside the slices were sent, by the device's own queue
   */
  public abstract boolean withdraw(Claim<LeaseRequest> claim, CoherentDevice device);

  /**
   * A kernel has failed: what the directory says is poisoned is lost. Behind {@link #withdraw}.
   *
   * @param claim what the kernel was to write
   * @param device its device
   * @param queue which of the device's queues it was in
   * @param done behind the kernel
   */
  public abstract void lost(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done);

  /**
   * A lease's work has failed: the same for a claim that shares pages with nobody. Behind {@link #withdraw}.
   *
   * @param claim what the lease was to write
   */
  public abstract void lost(Claim<LeaseRequest> claim);

  /**
   * A device is lost: the directory learns what the host has by touching, then that the device holds nothing of a window any more, and
   * touches learn what was lost with it.
   *
   * @param window the window
   */
  public abstract void lost(PlacedWindow window);

  /** {@return what touching has led to} */
  public abstract HostStatistics statistics();

  /** Nobody uses the range any more: devices' copies are not fetched from now on. */
  public abstract void close();

  /** Gives the host's pages back, once all windows are gone. */
  public abstract void free();
}
