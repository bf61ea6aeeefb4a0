package io.samepage.coherence.state;

import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.LeaseRequest.Use;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * The claims of one request by range, in the order of the ranges' locks. Made for every lease and launch and never changed, so it is small:
 * mostly one range and its claim.
 */
public final class ClaimsByRange extends AbstractMap<CoherentRange, Claim<LeaseRequest>> {
  private static final Comparator<CoherentRange> BY_NUMBER = Comparator.comparingLong(CoherentRange::number);

  private static final Comparator<Use> IN_ORDER = (one, other) -> Long.compare(one.range().number(), other.range().number());

  private final List<CoherentRange> ranges;
  /** In the same order. */
  private final List<Claim<LeaseRequest>> claims;

  private ClaimsByRange(List<CoherentRange> ranges, List<Claim<LeaseRequest>> claims) {
    this.ranges = ranges;
    this.claims = claims;
  }

  /** Claims what is used, by one claim for each range. */
  static ClaimsByRange of(List<Use> uses, BiFunction<CoherentRange, List<Span>, Claim<LeaseRequest>> claim) {
    if (uses.size() == 1) {
      Use use = uses.getFirst();
      return new ClaimsByRange(List.of(use.range()), List.of(claim.apply(use.range(), List.of(use.span()))));
    }
    List<Use> sorted = new ArrayList<>(uses);
    sorted.sort(IN_ORDER);
    List<CoherentRange> ranges = new ArrayList<>();
    List<Claim<LeaseRequest>> claims = new ArrayList<>();
    for (int first = 0, end; first < sorted.size(); first = end) {
      CoherentRange range = sorted.get(first).range();
      List<Span> spans = new ArrayList<>(1);
      for (end = first; end < sorted.size() && sorted.get(end).range() == range; end++) {
        spans.add(sorted.get(end).span());
      }
      ranges.add(range);
      claims.add(claim.apply(range, spans));
    }
    return new ClaimsByRange(List.copyOf(ranges), List.copyOf(claims));
  }

  /** The same claims for another request. */
  ClaimsByRange again(LeaseRequest owner) {
    List<Claim<LeaseRequest>> same = new ArrayList<>(claims.size());
    for (int i = 0; i < claims.size(); i++) {
      same.add(claims.get(i).again(owner));
    }
    return new ClaimsByRange(ranges, same);
  }

  /** The ranges in order. */
  List<CoherentRange> ranges() {
    return ranges;
  }

  /**
   * The claim on the range at an index.
   *
   * @param index which, in the order of the ranges
   * @return the claim
   */
  public Claim<LeaseRequest> claim(int index) {
    return claims.get(index);
  }

  @Override
  public int size() {
    return ranges.size();
  }

  @Override
  public Claim<LeaseRequest> get(Object key) {
    int index = key instanceof CoherentRange range ? Collections.binarySearch(ranges, range, BY_NUMBER) : -1;
    return index < 0 ? null : claims.get(index);
  }

  @Override
  public void forEach(BiConsumer<? super CoherentRange, ? super Claim<LeaseRequest>> action) {
    for (int i = 0; i < ranges.size(); i++) {
      action.accept(ranges.get(i), claims.get(i));
    }
  }

  @Override
  public Set<Map.Entry<CoherentRange, Claim<LeaseRequest>>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return ranges.size();
      }

      @Override
      public Iterator<Map.Entry<CoherentRange, Claim<LeaseRequest>>> iterator() {
        return new Entries();
      }
    };
  }

  private final class Entries implements Iterator<Map.Entry<CoherentRange, Claim<LeaseRequest>>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < ranges.size();
    }

    @Override
    public Map.Entry<CoherentRange, Claim<LeaseRequest>> next() {
      Map.Entry<CoherentRange, Claim<LeaseRequest>> entry = Map.entry(ranges.get(next), claims.get(next));
      next++;
      return entry;
    }
  }
}
