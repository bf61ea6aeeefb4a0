package io.samepage.coherence.placement;

import io.samepage.Advice;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.RangeAdvice;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The windows of a device in the order in which they go where room is needed: the longest unused first, but for what programs have said of
 * their pages. Used by one thread, which has the placement lock.
 */
final class EvictionOrder {
  /** The turn of a window; within one, the longest unused goes first. */
  private enum Turn { FIRST, USUAL, LAST }

  private final CoherentDevice device;
  private final Set<PlacedWindow> seen = new HashSet<>();
  /** In turn, where advice was given; null until it is asked for. */
  private Iterator<PlacedWindow> byTurn;

  EvictionOrder(CoherentDevice device) {
    this.device = device;
  }

  /** Begins again. */
  void restart() {
    seen.clear();
    byTurn = null;
  }

  /** The next window, or null if there is none left. */
  PlacedWindow next() {
    if (device.owner().isAdvised()) {
      byTurn = byTurn == null ? inTurn() : byTurn;
      return byTurn.hasNext() ? byTurn.next() : null;
    }
    PlacedWindow window = device.books().longestUnused(seen);
    if (window != null) {
      seen.add(window);
    }
    return window;
  }

  private Iterator<PlacedWindow> inTurn() {
    return device.books().windows().stream().filter(window -> !seen.contains(window))
        .collect(Collectors.groupingBy(EvictionOrder::turn, TreeMap::new, Collectors.toList())).values().stream().flatMap(List::stream)
        .iterator();
  }

  private static Turn turn(PlacedWindow window) {
    CoherentRange range = window.range();
    if (range.advice() == null) {
      return Turn.USUAL;
    }
    long first = window.firstByte() / range.pageSizeBytes();
    long end = window.endByte() / range.pageSizeBytes();
    int node = window.device().node();
    range.lock().lock();
    try {
      RangeAdvice advice = range.advice();
      if (advice == null) {
        // Closed meanwhile, so that its pages may be another range's.
        return Turn.USUAL;
      }
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
