package io.samepage.explorer;

import io.samepage.Access;
import io.samepage.coherence.lease.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Something a thread does, as a scenario says it.
 *
 * @param kind what
 * @param node where
 * @param spans on which bytes, and how
 * @param inside what the thread does while the lease is open
 */
record Act(Kind kind, int node, List<Span> spans, List<Act> inside) {
  enum Kind {
    HOST_LEASE, DEVICE_LEASE, LAUNCH, EVICTION, DISCARD,
    /** What a host lease puts behind launches of a device, no act of a scenario's. */
    COPY
  }

  private static Act of(Kind kind, int node, Access access, int firstByte, int endByte) {
    return new Act(kind, node, List.of(new Span(firstByte, endByte, access)), List.of());
  }

  /** A lease is opened, used, closed. */
  static Act lease(int node, Access access, int firstByte, int endByte) {
    return of(node == Small.HOST ? Kind.HOST_LEASE : Kind.DEVICE_LEASE, node, access, firstByte, endByte);
  }

  /** A kernel is launched; nobody waits for it but those who want its pages. */
  static Act launch(int node, Access access, int firstByte, int endByte) {
    return of(Kind.LAUNCH, node, access, firstByte, endByte);
  }

  /** Somebody needs room: a window on some pages goes, unless it is in use. */
  static Act evict(int node, int firstPage, int endPage) {
    return of(Kind.EVICTION, node, Access.READ, firstPage * Small.PAGE_SIZE_BYTES, endPage * Small.PAGE_SIZE_BYTES);
  }

  /** The contents of some pages are given up. */
  static Act discard(int firstPage, int endPage) {
    return of(Kind.DISCARD, Small.HOST, Access.WRITE, firstPage * Small.PAGE_SIZE_BYTES, endPage * Small.PAGE_SIZE_BYTES);
  }

  /** Pages are copied to the host behind launches, for a lease of the host. */
  static Act copy(int device, int pages) {
    List<Span> spans = new ArrayList<>();
    for (int page = 0; page < Small.PAGES; page++) {
      if (Small.has(pages, page)) {
        spans.add(new Span(page * Small.PAGE_SIZE_BYTES, (page + 1) * Small.PAGE_SIZE_BYTES, Access.READ));
      }
    }
    return new Act(Kind.COPY, device, List.copyOf(spans), List.of());
  }

  /** The same launch with one more argument. */
  Act and(Access access, int firstByte, int endByte) {
    List<Span> more = new ArrayList<>(spans);
    more.add(new Span(firstByte, endByte, access));
    return new Act(kind, node, List.copyOf(more), inside);
  }

  /** The same lease, open while other things are done. */
  Act around(Act... acts) {
    return new Act(kind, node, spans, List.of(acts));
  }

  /** The same on so many bytes as there are. */
  Act within(int rangeSizeBytes) {
    List<Span> cut = spans.stream().filter(span -> span.firstByte() < rangeSizeBytes)
        .map(span -> new Span(span.firstByte(), Math.min(span.endByte(), rangeSizeBytes), span.access())).toList();
    return new Act(kind, node, cut, inside);
  }

  boolean isLease() {
    return kind == Kind.HOST_LEASE || kind == Kind.DEVICE_LEASE;
  }

  /** Whether it is a command in a queue of its device, behind others. */
  boolean isQueued() {
    return kind == Kind.LAUNCH || kind == Kind.COPY;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    text.append(node == Small.HOST ? "" : " " + Small.node(node));
    for (Span span : spans) {
      text.append(isLease() || kind == Kind.LAUNCH ? " " + span.access() : "").append(' ').append(Small.nameCells(cells(span)));
    }
    return text.toString();
  }

  static int cells(Span span) {
    return (1 << span.endByte()) - (1 << span.firstByte());
  }
}
