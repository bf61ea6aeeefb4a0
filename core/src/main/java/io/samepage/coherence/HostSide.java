package io.samepage.coherence;

import io.samepage.HostStatistics;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.node.NodeFence;
import io.samepage.node.Window;
import java.util.List;

/**
 * How the host uses the pages of a range: through leases alone ({@link ExplicitHost}), or by touching them as well ({@link WatchedHost}).
 * What is said here holds for the latter; where there are leases alone the directory knows everything, and there is nothing to do.
 *
 * <p>Called without a lock of a range, unless it is said, and by one thread at a time for each page: the claims see to it.
 */
abstract sealed class HostSide permits ExplicitHost, WatchedHost {
  /** Where the range begins, as leases and copies see it. */
  abstract long address();

  /** Where the range begins, as who touches it sees it; 0 where nobody may. */
  abstract long userAddress();

  /** Whether the host touches the range without leases. */
  abstract boolean isWatched();

  /** Pages in the units that windows are made of. */
  abstract PageRuns inWindowUnits(PageRuns pages);

  /** Before a request is planned: enters in the directory what the host has written, and brought by touching. */
  abstract void reconcile(Claim<LeaseRequest> claim);

  /** The same for a look at pages, as far as nobody is at work on them. Called under the range's lock. */
  abstract void refresh(long firstPage, long endPage);

  /** Brings pages from devices, and enters them in the directory. */
  abstract void bringHome(List<PageRuns> pages);

  /** Maps pages that are at home, so that touching them needs nobody. */
  abstract void map(Claim<LeaseRequest> claim);

  /** Before a lease is handed out, or a launch enqueued, that uses the host's pages: what it overwrites is the host's. */
  abstract void entrust(Claim<LeaseRequest> claim);

  /** It came to nothing: pages that others still hold, by the directory, are theirs again. Behind {@link #entrust}, or before it. */
  abstract void takeBack(Claim<LeaseRequest> claim);

  /** Drops the host's frames, behind {@link #entrust}: they are zero afterwards. The directory is told behind it. */
  abstract void discard(long firstPage, long endPage);

  /** Sets the host's frames to zero, in the place of {@link #discard}, where a device needs them to stay. */
  abstract void zero(long firstPage, long endPage);

  /** The window is in the directory's books, but nothing in it is the device's alone. Called before anything can be. */
  abstract void placed(PlacedWindow window);

  /** What of a window is the device's alone goes home, and the window is forgotten. */
  abstract void evacuate(PlacedWindow window);

  /** The fault handler's side of a window; null where there is none. */
  abstract WatchedWindow watch(CoherentDevice device, long firstByte, Window window);

  /** A kernel that writes is in a queue: its results are complete with a fence. Called under the device's submission lock. */
  abstract void publish(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done);

  /**
   * A kernel or lease has written: the host's copies are withdrawn; where the device uses the host's pages, touches wait for the kernel
   * from now on. Behind {@link #publish}, before the directory is told. Answers whether bytes beside the slices were sent, by the device's
   * own queue.
   */
  abstract boolean withdraw(Claim<LeaseRequest> claim, CoherentDevice device);

  /** A kernel has failed: what the directory says is poisoned is lost. Behind {@link #withdraw}. */
  abstract void lost(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done);

  /** A lease's work has failed: the same for a claim that shares pages with nobody. Behind {@link #withdraw}. */
  abstract void lost(Claim<LeaseRequest> claim);

  /**
   * A device is lost: the directory learns what the host has by touching, then that the device holds nothing of a window any more, and
   * touches learn what was lost with it.
   */
  abstract void lost(PlacedWindow window);

  /** What touching has led to. */
  abstract HostStatistics statistics();

  /** Nobody uses the range any more: devices' copies are not fetched from now on. */
  abstract void close();

  /** Gives the host's pages back, once all windows are gone. */
  abstract void free();
}
