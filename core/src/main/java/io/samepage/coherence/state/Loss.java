package io.samepage.coherence.state;

import io.samepage.coherence.directory.PageRuns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages of which a failed launch leaves garbage on its device. Used under the locks of the launch's ranges, which guard all that is
 * asked of other launches here.
 */
public final class Loss {
  private final Map<CoherentRange, List<PageRuns>> pages = new LinkedHashMap<>();

  private Loss() {}

  /**
   * What a launch was to write.
   *
   * @param launch its request
   * @return the pages
   */
  public static Loss ofResults(LeaseRequest launch) {
    Loss loss = new Loss();
    launch.claims().forEach((range, claim) -> loss.pages.put(range, new ArrayList<>(List.of(claim.writtenPages()))));
    return loss;
  }

  /** What was to be uploaded for the launch as well. */
  void add(Arrivals arrivals) {
    pages.forEach((range, lists) -> lists.addAll(arrivals.pages(range)));
  }

  /** Whether a launch of the same device has pages of ranges where something may be lost. */
  boolean concerns(LeaseRequest later) {
    return later.ranges().stream().anyMatch(pages::containsKey);
  }

  boolean isNeededBy(LeaseRequest later) {
    return later.claims().entrySet().stream().anyMatch(entry -> {
      PageRuns needed = entry.getValue().neededPages();
      return pages.getOrDefault(entry.getKey(), List.of()).stream().anyMatch(needed::touches);
    });
  }

  /** What a later launch overwrites is not lost. */
  void spare(LeaseRequest later) {
    later.claims().forEach((range, claim) -> {
      PageRuns overwritten = claim.overwrittenPages();
      pages.computeIfPresent(range, (same, lists) -> new ArrayList<>(lists.stream().map(runs -> runs.minus(overwritten)).toList()));
    });
  }

  /**
   * Enters it in the directory. The host has what was uploaded still, but for pages that a kernel wrote in beside it.
   *
   * @param node whose copies are lost
   */
  public void enter(int node) {
    pages.forEach((range, lists) -> {
      // A launch may write beside what is read, in the same page.
      range.claims().revoke(read -> range.directory().home(read.node()) == range.directory().home(node));
      lists.forEach(runs -> runs.forEach((first, end) -> range.directory().lost(node, first, end)));
    });
  }
}
