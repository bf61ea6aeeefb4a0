package io.samepage.coherence.state;

import io.samepage.DeviceException;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.sync.Fences;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeFence;
import java.util.ArrayList;
import java.util.List;

/** What a device still gets from the host before a lease or launch may use it: uploads, and pages to be zeroed. */
public final class Arrivals {
  private record ZeroRun(PlacedWindow window, long offsetBytes, long sizeBytes) {}

  private record Pages(CoherentRange range, PageRuns runs) {}

  private final CoherentDevice target;
  private List<CopyRun> uploads = List.of();
  private List<ZeroRun> zeroes = List.of();
  /** Several of a range, as runs are ascending within one source only. */
  private List<Pages> pages = List.of();

  /**
   * Nothing yet.
   *
   * @param target the device
   */
  public Arrivals(CoherentDevice target) {
    this.target = target;
  }

  /** {@return the device} */
  public CoherentDevice target() {
    return target;
  }

  /**
   * Pages are to be uploaded. Called under the range's lock.
   *
   * @param range the range
   * @param runs its pages
   */
  public void upload(CoherentRange range, PageRuns runs) {
    if (!runs.isEmpty()) {
      uploads = uploads.isEmpty() ? new ArrayList<>() : uploads;
      range.windows().addCopies(range, target, runs, uploads);
      arrive(range, runs);
    }
  }

  /**
   * Pages are to be zeroed on the device. Called under the range's lock.
   *
   * @param range the range
   * @param runs its pages
   */
  public void zero(CoherentRange range, PageRuns runs) {
    if (runs.isEmpty()) {
      return;
    }
    zeroes = zeroes.isEmpty() ? new ArrayList<>() : zeroes;
    long page = range.pageSizeBytes();
    runs.forEach((first, end) -> range.windows().forEachPart(target, first * page, end * page, (window, start, stop) ->
        zeroes.add(new ZeroRun(window, window.offsetOf(start), stop - start))));
    arrive(range, runs);
  }

  private void arrive(CoherentRange range, PageRuns runs) {
    pages = pages.isEmpty() ? new ArrayList<>() : pages;
    pages.add(new Pages(range, runs));
  }

  /** {@return whether there is nothing} */
  public boolean isEmpty() {
    return pages.isEmpty();
  }

  /** {@return whether there are uploads and nothing else, so that a command may take them along} */
  public boolean areUploadsAlone() {
    return !uploads.isEmpty() && zeroes.isEmpty();
  }

  /** {@return what is uploaded} */
  public List<CopyRun> uploads() {
    return uploads;
  }

  /**
   * Enqueues everything. Called under the device's submission lock.
   *
   * @return the fence behind it; null if there is nothing
   */
  public NodeFence enqueue() {
    if (isEmpty()) {
      return null;
    }
    DeviceNode node = target.deviceNode();
    try {
      node.upload(uploads);
      zeroes.forEach(run -> node.zero(run.window.window(), run.offsetBytes, run.sizeBytes));
      return node.fence();
    } catch (DeviceException e) {
      // What was enqueued reads host pages: it must be over before anybody may write them.
      Fences.settle(node.fence());
      throw e;
    }
  }

  /** The device has it: in its memory, or in its queue before anything that will use it. Called under the locks of the ranges. */
  public void enter() {
    for (int i = 0; i < pages.size(); i++) {
      pages.get(i).range.directory().fetched(target.node(), pages.get(i).runs);
    }
  }

  /** The pages of a range that arrive, as lists of ascending runs. */
  List<PageRuns> pages(CoherentRange range) {
    return pages.stream().filter(its -> its.range == range).map(Pages::runs).toList();
  }
}
