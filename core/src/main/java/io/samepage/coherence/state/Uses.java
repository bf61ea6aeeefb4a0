package io.samepage.coherence.state;

import io.samepage.Access;
import io.samepage.Slice;
import java.util.Comparator;
import java.util.List;

/** What leases and the like ask for, checked before anything is claimed. */
public final class Uses {
  private Uses() {}

  /**
   * What a lease over slices uses.
   *
   * @param memory whose slices they must be
   * @param access what is done with them
   * @param slices the slices
   * @return a use for each
   * @throws IllegalArgumentException if there is none, if one is of another memory, or if two that are written overlap
   * @throws IllegalStateException if the memory or a range is closed
   */
  public static List<LeaseRequest.Use> of(MemoryContext memory, Access access, List<Slice> slices) {
    memory.checkOpen();
    if (slices.isEmpty()) {
      throw new IllegalArgumentException("A lease covers at least one slice");
    }
    LeaseRequest.Use[] uses = new LeaseRequest.Use[slices.size()];
    for (int i = 0; i < uses.length; i++) {
      CoherentRange range = memory.own(slices.get(i));
      range.checkOpen();
      uses[i] = LeaseRequest.Use.of(range, slices.get(i), access);
    }
    if (access.writes() && uses.length > 1) {
      checkApart(memory, slices);
    }
    return List.of(uses);
  }

  private static void checkApart(MemoryContext memory, List<Slice> slices) {
    List<Slice> sorted = slices.stream()
        .sorted(Comparator.<Slice>comparingLong(slice -> memory.own(slice).number()).thenComparingLong(Slice::offsetBytes)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (overlap(sorted.get(i - 1), sorted.get(i))) {
        throw new IllegalArgumentException("Slices to be written share bytes: " + sorted.get(i - 1) + ", " + sorted.get(i));
      }
    }
  }

  /**
   * Whether two slices share a byte.
   *
   * @param a one slice
   * @param b the other
   * @return whether they do
   */
  public static boolean overlap(Slice a, Slice b) {
    return a.range() == b.range() && a.offsetBytes() < b.endBytes() && b.offsetBytes() < a.endBytes();
  }
}
