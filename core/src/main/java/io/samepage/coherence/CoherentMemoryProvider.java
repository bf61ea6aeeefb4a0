package io.samepage.coherence;

import io.samepage.UnifiedMemory;
import io.samepage.UnifiedMemoryProvider;

/** How {@link UnifiedMemory#builder()} finds this implementation. */
public final class CoherentMemoryProvider implements UnifiedMemoryProvider {
  /** Called by the service loader. */
  public CoherentMemoryProvider() {}

  @Override
  public UnifiedMemory.Builder newBuilder() {
    return new CoherentMemoryBuilder();
  }
}
