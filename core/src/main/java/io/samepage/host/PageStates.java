package io.samepage.host;

/** Looks at the states of pages, 64 at a time. */
@FunctionalInterface
public interface PageStates {
  /**
   * Called for a group of 64 pages, with a bit for each of them; pages that were not asked about have none set.
   *
   * @param groupPage the group's first page, counted from the start of the extent
   * @param valid the host's frame is valid
   * @param poisoned the only valid copy was lost
   */
  void group(long groupPage, long valid, long poisoned);
}
