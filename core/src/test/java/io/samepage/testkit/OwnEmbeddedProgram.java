package io.samepage.testkit;

import io.samepage.DeviceLease;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Memory and work of this process, as that of a program on an embedded device. */
public final class OwnEmbeddedProgram implements OwnProgram {
  private final Map<Long, Arena> memory = new ConcurrentHashMap<>();

  /** Makes a program that has nothing yet. */
  public OwnEmbeddedProgram() {}

  @Override
  public long allocate(int[] content) {
    Arena arena = Arena.ofShared();
    long address = arena.allocateFrom(ValueLayout.JAVA_INT, content).address();
    memory.put(address, arena);
    return address;
  }

  private static MemorySegment at(long address, int count) {
    return MemorySegment.ofAddress(address).reinterpret(4L * count);
  }

  @Override
  public int[] ints(long handle, int count) {
    return at(handle, count).toArray(ValueLayout.JAVA_INT);
  }

  @Override
  public void free(long handle) {
    memory.remove(handle).close();
  }

  @Override
  public CompletableFuture<Void> incrementAndLeave(DeviceLease lease, int count, int by) {
    MemorySegment ints = at(lease.handle() + lease.handleOffsetBytes(), count);
    HandFence end = new HandFence();
    CompletableFuture<Void> closed = lease.closeWhen(end);
    for (int i = 0; i < count; i++) {
      ints.setAtIndex(ValueLayout.JAVA_INT, i, ints.getAtIndex(ValueLayout.JAVA_INT, i) + by);
    }
    end.pass();
    return closed;
  }
}
