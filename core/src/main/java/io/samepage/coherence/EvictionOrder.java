package io.samepage.coherence;

import io.samepage.Advice;
import io.samepage.coherence.directory.PageRuns;
import java.util.Set;

/** Which window of a device goes first where room is needed: the longest unused one, but for what programs have said of their pages. */
final class EvictionOrder {
  /** The turn of a window; within one, the longest unused goes first. */
  private enum Turn { FIRST, USUAL, LAST }

  private EvictionOrder() {}

  /** The next window that is not among those tried, or null. */
  static PlacedWindow next(CoherentDevice device, Set<PlacedWindow> tried) {
    DeviceBooks books = device.memory().books();
    if (!device.owner().isAdvised()) {
      return books.longestUnused(tried);
    }
    PlacedWindow next = null;
    Turn turn = null;
    for (PlacedWindow window : books.windows()) {
      if (turn != Turn.FIRST && !tried.contains(window)) {
        Turn its = turn(window);
        next = next == null || its.compareTo(turn) < 0 ? window : next;
        turn = next == window ? its : turn;
      }
    }
    return next;
  }

  private static Turn turn(PlacedWindow window) {
    CoherentRange range = window.range();
    RangeAdvice advice = range.advice();
    if (advice == null) {
      return Turn.USUAL;
    }
    long first = window.firstByte() / range.pageSizeBytes();
    long end = window.endByte() / range.pageSizeBytes();
    int node = window.device().node();
    range.lock().lock();
    try {
      // What the host has brought by touching counts as a copy too.
      range.hostSide().refresh(first, end);
      PageRuns held = range.directory().heldBy(node, first, end);
      return turn(window.device(), advice, held, held.minus(range.directory().onlyOn(node, first, end)));
    } finally {
      range.lock().unlock();
    }
  }

  /** By the pages that a window holds, and those of them that another node holds too. */
  private static Turn turn(CoherentDevice device, RangeAdvice advice, PageRuns held, PageRuns duplicates) {
    PageRuns notNeeded = advice.pages(Advice.willNotNeed());
    PageRuns preferred = advice.pages(Advice.preferredLocation(device)).minus(notNeeded);
    if (held.touches(preferred)) {
      return Turn.LAST;
    }
    PageRuns[] dispensable = {notNeeded.plus(duplicates.common(advice.pages(Advice.readMostly())))};
    advice.forEach(Advice.Kind.PREFERRED_LOCATION, (other, pages) -> dispensable[0] = dispensable[0].plus(pages));
    return held.minus(dispensable[0]).isEmpty() ? Turn.FIRST : Turn.USUAL;
  }
}
