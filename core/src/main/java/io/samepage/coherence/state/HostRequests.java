package io.samepage.coherence.state;

import io.samepage.Access;
import io.samepage.Slice;
import io.samepage.coherence.directory.Layout;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.List;

/**
 * What leases of the host on slices claim. Programs lease the same slices again and again, as the diagonal of a matrix, so those that
 * several slices were last checked and sorted for are kept, until the garbage collector comes. Two of them, as many programs take turns
 * with two buffers. Safe for use by several threads.
 */
public final class HostRequests {
  /**
   * What one asks for.
   *
   * @param access what is done
   * @param slices with what; never changes
   * @param request its claims, which nobody holds yet
   */
  public record Asked(Access access, List<Slice> slices, LeaseRequest request) {
    private Asked again(Thread owner) {
      return new Asked(access, slices, request.again(owner));
    }
  }

  private static final WeakReference<Asked> NOTHING = new WeakReference<>(null);

  private final MemoryContext memory;
  private volatile WeakReference<Asked> newest = NOTHING;
  private volatile WeakReference<Asked> older = NOTHING;

  HostRequests(MemoryContext memory) {
    this.memory = memory;
  }

  /**
   * What a lease claims.
   *
   * @param access what is done
   * @param slices with what
   * @param owner the thread that it belongs to; null if any may use it
   * @return its slices and claims
   * @throws IllegalArgumentException if there is no slice, if one is of another memory, or if two that are written overlap
   * @throws IllegalStateException if the memory or a range is closed
   */
  public Asked of(Access access, List<Slice> slices, Thread owner) {
    if (slices.size() <= 1) {
      return made(access, slices, owner);
    }
    memory.checkOpen();
    Asked known = find(access, slices);
    if (known == null) {
      known = made(access, slices, null);
      older = newest;
      newest = new WeakReference<>(known);
    }
    return known.again(owner);
  }

  private Asked made(Access access, List<Slice> slices, Thread owner) {
    List<Slice> copy = List.copyOf(slices);
    List<LeaseRequest.Use> uses = Uses.of(memory, access, copy);
    return new Asked(access, copy, new LeaseRequest(LeaseRequest.Kind.HOST_LEASE, Layout.HOST_NODE, "host", owner, uses));
  }

  private Asked find(Access access, List<Slice> slices) {
    WeakReference<Asked> first = newest;
    WeakReference<Asked> second = older;
    Asked found = first.get();
    if (!isSame(found, access, slices)) {
      found = second.get();
      if (!isSame(found, access, slices)) {
        return null;
      }
      // Of two threads that do this at a time one may lose what the other has kept: then it is made once more.
      older = first;
      newest = second;
    }
    return found;
  }

  private static boolean isSame(Asked known, Access access, List<Slice> slices) {
    if (known == null || known.access != access) {
      return false;
    }
    // A list that can't change is its own copy.
    if (known.slices == slices) {
      return true;
    }
    // Not by their indices: there are lists that look for each from their beginning.
    Iterator<Slice> given = slices.iterator();
    for (Slice slice : known.slices) {
      if (!given.hasNext() || !slice.equals(given.next())) {
        return false;
      }
    }
    return !given.hasNext();
  }
}
