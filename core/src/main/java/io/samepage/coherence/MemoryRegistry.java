package io.samepage.coherence;

import io.samepage.coherence.state.CoherentRange;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/** The open memories of this process, so that messages can tell whose a segment is. Safe for use by any thread. */
final class MemoryRegistry {
  private static final Set<CoherentMemory> OPEN = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private MemoryRegistry() {}

  static void add(CoherentMemory memory) {
    OPEN.add(memory);
  }

  static void remove(CoherentMemory memory) {
    OPEN.remove(memory);
  }

  /** Says which memory an address belongs to; nothing if to none. */
  static String whose(long address) {
    List<CoherentMemory> open;
    synchronized (OPEN) {
      open = List.copyOf(OPEN);
    }
    for (CoherentMemory memory : open) {
      CoherentRange range = memory.containing(address);
      if (range != null) {
        return ", itsRange=" + range.name() + ", itsMemory=" + memory;
      }
    }
    return "";
  }
}
