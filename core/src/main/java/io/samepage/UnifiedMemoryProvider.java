package io.samepage;

/** Where {@link UnifiedMemory#builder()} finds its implementation, by {@link java.util.ServiceLoader}. Users don't call it. */
public interface UnifiedMemoryProvider {
  /** {@return a new builder} */
  UnifiedMemory.Builder newBuilder();
}
