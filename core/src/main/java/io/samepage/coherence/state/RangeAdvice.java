package io.samepage.coherence.state;

import io.samepage.Advice;
import io.samepage.coherence.directory.PageRuns;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** What a program has said of how it is going to use a range: pages by what was said of them. Never changed, so nobody has to lock it. */
public final class RangeAdvice {
  /** Nothing was said. */
  static final RangeAdvice NONE = new RangeAdvice(Map.of());

  /** No list of pages is empty, and none is changed once it is here. */
  private final Map<Advice, PageRuns> pages;

  private RangeAdvice(Map<Advice, PageRuns> pages) {
    this.pages = pages;
  }

  /** The same with something more. */
  RangeAdvice with(Advice advice, PageRuns more) {
    Map<Advice, PageRuns> changed = new LinkedHashMap<>(pages);
    if (advice.kind() == Advice.Kind.PREFERRED_LOCATION) {
      pages.keySet().stream().filter(other -> other.kind() == advice.kind()).forEach(other -> remove(changed, other, more));
    }
    changed.merge(advice, more, PageRuns::plus);
    return new RangeAdvice(changed);
  }

  /** The same with something less. */
  RangeAdvice without(Advice advice, PageRuns less) {
    if (!pages.containsKey(advice)) {
      return this;
    }
    Map<Advice, PageRuns> changed = new LinkedHashMap<>(pages);
    remove(changed, advice, less);
    return new RangeAdvice(changed);
  }

  private static void remove(Map<Advice, PageRuns> from, Advice advice, PageRuns less) {
    from.computeIfPresent(advice, (key, before) -> {
      PageRuns left = before.minus(less);
      return left.isEmpty() ? null : left;
    });
  }

  /** Itself, or null if nothing is said. */
  RangeAdvice orNull() {
    return pages.isEmpty() ? null : this;
  }

  /** What was said of all of some pages. */
  Set<Advice> ofAll(PageRuns asked) {
    return pages.entrySet().stream().filter(entry -> asked.minus(entry.getValue()).isEmpty()).map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Visits what was said of one kind.
   *
   * @param kind which kind
   * @param visitor is given what was said, and of which pages
   */
  public void forEach(Advice.Kind kind, BiConsumer<Advice, PageRuns> visitor) {
    pages.forEach((advice, runs) -> {
      if (advice.kind() == kind) {
        visitor.accept(advice, runs);
      }
    });
  }

  /**
   * The pages of which something was said.
   *
   * @param advice what was said
   * @return the pages, none if it wasn't
   */
  public PageRuns pages(Advice advice) {
    return pages.getOrDefault(advice, new PageRuns());
  }
}
