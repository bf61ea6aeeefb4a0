package io.samepage.node;

import io.samepage.Device;
import io.samepage.UnifiedMemory;
import java.util.ServiceLoader;

/**
 * What a back end needs to work beside a program's own objects of its driver: memories over a back end that was not found but made, and
 * the node behind a device, to hand out what it holds. Implemented by the coherence manager, found by {@link java.util.ServiceLoader},
 * and called by back ends.
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
   * The node of a device.
   *
   * @param device a device of a memory
   * @return what its back end has opened for it; good as long as the memory is open
   * @throws IllegalArgumentException if the device is none of this implementation's
   */
  DeviceNode node(Device device);

  /**
   * {@return the node of a device, see {@link #node}}
   *
   * @param device a device of a memory
   * @throws IllegalArgumentException if the device is none of the implementation that is found
   * @throws IllegalStateException if no implementation is on the class or module path
   */
  static DeviceNode nodeOf(Device device) {
    return found().node(device);
  }

  /**
   * {@return a builder whose memories use a given back end, see {@link #newBuilder}}
   *
   * @param backend the back end
   * @throws IllegalStateException if no implementation is on the class or module path
   */
  static UnifiedMemory.Builder builder(DeviceBackend backend) {
    return found().newBuilder(backend);
  }

  private static MemoryProvider found() {
    return ServiceLoader.load(MemoryProvider.class).findFirst()
        .orElseThrow(() -> new IllegalStateException(
            "No implementation of " + MemoryProvider.class.getName() + " found: add samepage-core to the class or module path"));
  }
}
