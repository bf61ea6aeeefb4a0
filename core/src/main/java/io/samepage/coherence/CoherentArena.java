package io.samepage.coherence;

import io.samepage.Access;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An arena over watched ranges. The life of its segments is that of a plain arena inside. */
final class CoherentArena implements UnifiedArena {
  private final CoherentMemory memory;
  private final long number;
  /** The thread that may use it; null for any. */
  private final Thread owner;
  private final Arena inner;
  private final List<CoherentRange> ranges = Collections.synchronizedList(new ArrayList<>());
  /** Guarded by this. */
  private boolean closing;

  CoherentArena(CoherentMemory memory, long number, boolean isShared) {
    this.memory = memory;
    this.number = number;
    owner = isShared ? null : Thread.currentThread();
    inner = isShared ? Arena.ofShared() : Arena.ofConfined();
  }

  @Override
  public UnifiedMemory memory() {
    return memory;
  }

  @Override
  public String name() {
    return "arena-" + number;
  }

  @Override
  public MemorySegment.Scope scope() {
    return inner.scope();
  }

  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    if (byteSize < 0 || byteAlignment < 1 || Long.bitCount(byteAlignment) != 1) {
      throw new IllegalArgumentException("A size is not negative and an alignment a power of two: byteSize=" + byteSize
          + ", byteAlignment=" + byteAlignment);
    }
    checkUsable();
    if (byteSize == 0) {
      return MemorySegment.ofAddress(byteAlignment).reinterpret(0, inner, null);
    }
    synchronized (this) {
      if (closing) {
        throw closed();
      }
      CoherentRange range = memory.allocate(this, byteSize, byteAlignment);
      ranges.add(range);
      return MemorySegment.ofAddress(range.hostSide().userAddress()).reinterpret(byteSize, inner, null);
    }
  }

  private void checkUsable() {
    checkThread();
    if (!inner.scope().isAlive()) {
      throw closed();
    }
  }

  private void checkThread() {
    if (owner != null && owner != Thread.currentThread()) {
      throw new WrongThreadException("A confined arena is used by the thread that made it alone: arena=" + this + ", caller="
          + Thread.currentThread().getName());
    }
  }

  private IllegalStateException closed() {
    return new IllegalStateException("The arena is closed: arena=" + this);
  }

  @Override
  public void close() {
    checkUsable();
    List<CoherentRange> all = startClosing();
    boolean closed = false;
    try {
      LeaseRequest claimed = memory.claimForClosing(request(all));
      try {
        inner.close();
        closed = true;
        all.forEach(CoherentRange::markClosed);
      } finally {
        memory.leases().release(claimed);
      }
    } finally {
      endClosing(closed);
    }
    memory.closed(this, all);
  }

  private synchronized List<CoherentRange> startClosing() {
    if (closing) {
      throw closed();
    }
    closing = true;
    return List.copyOf(ranges);
  }

  private synchronized void endClosing(boolean closed) {
    closing = closed;
    if (closed) {
      // Who still has one of them should not keep them all.
      ranges.clear();
    }
  }

  /** A claim on everything, so that nobody starts on it meanwhile. */
  private static LeaseRequest request(List<CoherentRange> ranges) {
    List<LeaseRequest.Use> uses = ranges.stream()
        .map(range -> new LeaseRequest.Use(range, new Span(0, range.sizeBytes(), Access.WRITE))).toList();
    return new LeaseRequest(LeaseRequest.Kind.CLOSING, Layout.HOST_NODE, "host", null, uses);
  }

  @Override
  public String toString() {
    return name() + (owner == null ? "(shared" : "(confined to thread " + owner.getName()) + ", ranges=" + ranges.size() + ")";
  }
}
