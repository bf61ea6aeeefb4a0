package io.samepage.node;

import io.samepage.UnifiedMemory;
import java.util.ServiceLoader;

/**
 * Makes memories over a back end that was not found but made, as one that works on objects of the program's own. Implemented by the
 * coherence manager, found by {@link java.util.ServiceLoader}, and called by back ends.
 */
public interface MemoryProvider {
  /**
   * A builder whose memories use a given back end beside those that are found; it takes the place of one of the same name.
   *
   * @param backend the back end; each memory that is opened opens it once
   * @return a new builder with the default settings
   */
  UnifiedMemory.Builder newBuilder(DeviceBackend backend);

  /**
   * {@return a builder whose memories use a given back end, see {@link #newBuilder}}
   *
   * @param backend the back end
   * @throws IllegalStateException if no implementation is on the class or module path
   */
  static UnifiedMemory.Builder builder(DeviceBackend backend) {
    return ServiceLoader.load(MemoryProvider.class).findFirst()
        .orElseThrow(() -> new IllegalStateException(
            "No implementation of " + MemoryProvider.class.getName() + " found: add samepage-core to the class or module path"))
        .newBuilder(backend);
  }
}
