package io.samepage.coherence.state;

import java.util.ArrayList;
import java.util.List;

/** The reads of one range that may be repeated, found by who reads what. Doesn't change. */
final class ResidentReads {
  static final ResidentReads NONE = new ResidentReads(List.of());

  private final List<ResidentRead> all;
  /** A power of two of places, more than there are reads; a read is at its place or behind it, with no gap between. */
  private final ResidentRead[] places;

  private ResidentReads(List<ResidentRead> all) {
    this.all = all;
    places = new ResidentRead[Integer.highestOneBit(4 * all.size() + 1)];
    for (ResidentRead read : all) {
      int place = read.hashCode();
      while (places[place & places.length - 1] != null) {
        place++;
      }
      places[place & places.length - 1] = read;
    }
  }

  List<ResidentRead> all() {
    return all;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** The read of a thread, or null. */
  ResidentRead find(Thread thread, int node, long firstByte, long endByte) {
    for (int place = ResidentRead.hash(thread, node, firstByte, endByte); ; place++) {
      ResidentRead read = places[place & places.length - 1];
      if (read == null || read.is(thread, node, firstByte, endByte)) {
        return read;
      }
    }
  }

  ResidentReads with(ResidentRead read) {
    List<ResidentRead> more = new ArrayList<>(all);
    more.add(read);
    return new ResidentReads(List.copyOf(more));
  }

  ResidentReads without(List<ResidentRead> some) {
    List<ResidentRead> less = all.stream().filter(read -> !some.contains(read)).toList();
    return less.isEmpty() ? NONE : new ResidentReads(less);
  }
}
