package io.samepage.coherence.transfer;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.Fence;
import io.samepage.SamepageException;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.placement.WindowNeeds;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.LeaseRequest.Use;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.RangeAdvice;
import io.samepage.coherence.sync.FenceFutures;
import io.samepage.coherence.sync.PassedFence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies up to date on nodes that are said to access pages: what others have written is brought there when it is complete. A thread
 * of its own does it, which is there once it is needed, and gives way to everybody: where somebody is in the way, the update is left out.
 */
public final class Updates {
  private static final Logger LOG = LoggerFactory.getLogger(Updates.class);

  private final MemoryContext memory;
  private final Transfers transfers;
  private final FenceFutures writers;

  Updates(MemoryContext memory, Transfers transfers) {
    this.memory = memory;
    this.transfers = transfers;
    writers = new FenceFutures("samepage-updates", memory::retireDone);
  }

  /**
   * A lease is over, or something that was done under one.
   *
   * @param writer its request
   */
  public void after(LeaseRequest writer) {
    if (memory.isAdvised()) {
      after(writer, PassedFence.INSTANCE, () -> true);
    }
  }

  /**
   * A launch is in its device's queue.
   *
   * @param writer its request
   * @param launch the launch
   */
  public void after(LeaseRequest writer, InFlightLaunch launch) {
    if (memory.isAdvised()) {
      after(writer, launch, launch::isRetired);
    }
  }

  private void after(LeaseRequest writer, Fence fence, BooleanSupplier isOver) {
    if (!wanted(writer).isEmpty()) {
      writers.then(fence, isOver, () -> run(writer));
    }
  }

  /** The memory is closed. */
  public void close() {
    writers.close();
  }

  /** Pages of a range that a node is said to access. */
  private record Wanted(CoherentRange range, CoherentDevice device, PageRuns pages) {}

  /** What of that which was written other nodes want, as far as is known now. */
  private static List<Wanted> wanted(LeaseRequest writer) {
    List<Wanted> wanted = new ArrayList<>(0);
    writer.claims().forEach((range, claim) -> {
      RangeAdvice advice = range.advice();
      if (advice != null) {
        advice.forEach(Advice.Kind.ACCESSED_BY, (given, pages) -> {
          CoherentDevice device = (CoherentDevice) given.device().orElse(null);
          PageRuns written = claim.writtenPages().common(pages);
          if (!written.isEmpty() && writer.node() != (device == null ? Layout.HOST_NODE : device.node())) {
            wanted.add(new Wanted(range, device, written));
          }
        });
      }
    });
    return wanted;
  }

  private void run(LeaseRequest writer) {
    for (Wanted wanted : wanted(writer)) {
      try {
        if (wanted.device == null) {
          bringHome(wanted);
        } else {
          placed(wanted).forEach(uses -> bring(wanted.device, uses));
        }
      } catch (SamepageException | IllegalStateException e) {
        // In the way: leases, launches, failures that others are told of, and the end of ranges and of the memory.
        LOG.debug("Pages are not brought to who is said to access them: writer={}, cause={}", writer, e.toString());
      } catch (RuntimeException | Error e) {
        LOG.error("Pages could not be brought to who is said to access them: writer={}", writer, e);
      }
    }
  }

  private void bringHome(Wanted wanted) {
    LeaseRequest request = new LeaseRequest(LeaseRequest.Kind.UPDATE, Layout.HOST_NODE, "host", null, uses(wanted.range, wanted.pages));
    memory.leases().hold(request, Duration.ZERO, () -> true);
    try {
      new Preparation(request, memory.coherentDevices()).bringToHost();
      wanted.range.hostSide().map(request.claim(wanted.range));
    } finally {
      memory.leases().release(request);
    }
  }

  /** The wanted pages by the windows that they lie in; those that lie in none are left out. */
  private static List<List<Use>> placed(Wanted wanted) {
    CoherentRange range = wanted.range;
    long page = range.pageSizeBytes();
    List<List<Use>> placed = new ArrayList<>(1);
    range.lock().lock();
    try {
      PageRuns its = new PageRuns();
      boolean areJoined = range.windows().reservation(wanted.device) != null;
      PlacedWindow before = null;
      for (PlacedWindow window : range.windows().overlapping(wanted.device, 0, range.pages() * page)) {
        if (before != null && !(areJoined && window.continues(before))) {
          placed.add(uses(range, its.common(wanted.pages)));
          its = new PageRuns();
        }
        its.add(window.firstByte() / page, window.endByte() / page);
        before = window;
      }
      placed.add(uses(range, its.common(wanted.pages)));
    } finally {
      range.lock().unlock();
    }
    placed.removeIf(List::isEmpty);
    return placed;
  }

  private void bring(CoherentDevice device, List<Use> uses) {
    device.launches().awaitRoom();
    LeaseRequest request = new LeaseRequest(LeaseRequest.Kind.UPDATE, device.node(), device.name(), null, uses);
    if (memory.leases().hold(request, Duration.ZERO, () -> WindowNeeds.isPlaced(request, device))) {
      transfers.bring(device, request, "update");
    }
  }

  private static List<Use> uses(CoherentRange range, PageRuns pages) {
    long page = range.pageSizeBytes();
    List<Use> uses = new ArrayList<>(pages.count());
    pages.forEach((first, end) -> uses.add(new Use(range, new Span(first * page, Math.min(end * page, range.sizeBytes()), Access.READ))));
    return uses;
  }
}
