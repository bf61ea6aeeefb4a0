package io.samepage.coherence.hostside;

import io.samepage.DeviceException;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.host.WatchedExtent;
import java.util.Arrays;

/** Makes pages of a range that is touched the host's before they are overwritten there, and gives them back where that came to nothing. */
final class Entrusting {
  private final WatchedHost host;
  private final CoherentRange range;
  private final WatchedExtent extent;

  Entrusting(WatchedHost host, CoherentRange range, WatchedExtent extent) {
    this.host = host;
    this.range = range;
    this.extent = extent;
  }

  /** See {@link WatchedHost#entrust}. */
  void entrust(Claim<LeaseRequest> claim) {
    // What the host has already may be what a kernel is writing: touches go on waiting for it.
    PageRuns overwritten = host.isShared(claim) ? notToBeHad(claim) : claim.overwrittenPages();
    // Asked for all before anything changes; asked again for each, as a touch may have given up a copy in between.
    if (!overwritten.isEmpty() && extent.hasPendingReads()) {
      throw mayStillArrive();
    }
    PageRuns entrusted = new PageRuns();
    for (int i = 0; i < overwritten.count(); i++) {
      if (!extent.overwritten(overwritten.firstPage(i), overwritten.endPage(i))) {
        takeBack(claim, entrusted);
        throw mayStillArrive();
      }
      entrusted.add(overwritten.firstPage(i), overwritten.endPage(i));
    }
  }

  /** See {@link WatchedHost#takeBack}. */
  void takeBack(Claim<LeaseRequest> claim) {
    if (claim.node() == Layout.HOST_NODE || host.isShared(claim)) {
      takeBack(claim, claim.overwrittenPages());
    }
  }

  /**
   * Brings home what other devices have, though it will be overwritten, and answers what they have lost, or nobody has written. A touch
   * can't wait for a kernel that isn't enqueued yet, nor fetch into frames that one writes: they must not show meanwhile what is older.
   */
  private PageRuns notToBeHad(Claim<LeaseRequest> claim) {
    PageRuns overwritten = claim.overwrittenPages();
    host.enterGivenUp(overwritten);
    PageRuns left = awayFromHome(overwritten);
    if (left.isEmpty()) {
      return left;
    }
    PageRuns elsewhere = new PageRuns();
    for (CoherentDevice device : range.coherentMemory().coherentDevices()) {
      elsewhere = elsewhere.plus(heldBy(device.node(), left));
    }
    if (!elsewhere.isEmpty()) {
      host.fetch(elsewhere);
    }
    return awayFromHome(overwritten);
  }

  private void takeBack(Claim<LeaseRequest> claim, PageRuns entrusted) {
    PageRuns left = awayFromHome(entrusted);
    // What a device's kernel was to overwrite has come home before: there nothing is a device's.
    if (!left.isEmpty() && claim.node() == Layout.HOST_NODE) {
      for (CoherentDevice device : range.coherentMemory().coherentDevices()) {
        withdraw(device.number(), heldBy(device.node(), left));
      }
    }
    PageRuns lost = new PageRuns();
    host.underLock(() -> host.poisoned(left).forEach(lost::add));
    PageRuns poisoned = lost.minus(host.marked(lost));
    // No device has them, so that any will do to lose them.
    int device = claim.node() == Layout.HOST_NODE ? 0 : claim.node() - 1;
    withdraw(device, poisoned);
    poisoned.forEach((first, end) -> extent.lost(device, first, end));
  }

  private void withdraw(int device, PageRuns pages) {
    if (!pages.isEmpty()) {
      extent.withdraw(device, Arrays.stream(pages.bounds()).map(page -> page * range.pageSizeBytes()).toArray());
    }
  }

  /** The pages that the host doesn't have, by the directory. */
  private PageRuns awayFromHome(PageRuns pages) {
    return pages.minus(heldBy(Layout.HOST_NODE, pages));
  }

  private PageRuns heldBy(int node, PageRuns pages) {
    PageRuns held = new PageRuns();
    host.underLock(() -> pages.forEach((first, end) -> range.directory().heldBy(node, first, end).forEach(held::add)));
    return held;
  }

  private DeviceException mayStillArrive() {
    return new DeviceException("A copy to the host took too long and was given up, but may still arrive: range=" + range
        + ". Try again when the device is done.");
  }
}
