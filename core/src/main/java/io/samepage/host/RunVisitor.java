package io.samepage.host;

/** What is done with runs of pages, ascending. */
@FunctionalInterface
public interface RunVisitor {
  /**
   * Called for a run.
   *
   * @param firstPage its first page, counted from the start of the extent
   * @param endPage behind its last page
   */
  void visit(long firstPage, long endPage);
}
