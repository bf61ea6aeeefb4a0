package io.samepage.coherence;

import io.samepage.Device;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedMemoryProvider;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.MemoryProvider;

/** How {@link UnifiedMemory#builder()} and back ends find this implementation. */
public final class CoherentMemoryProvider implements UnifiedMemoryProvider, MemoryProvider {
  /** Called by the service loader. */
  public CoherentMemoryProvider() {}

  @Override
  public UnifiedMemory.Builder newBuilder() {
    return new CoherentMemoryBuilder();
  }

  @Override
  public UnifiedMemory.Builder newBuilder(DeviceBackend backend) {
    return new CoherentMemoryBuilder().prefer(backend);
  }

  @Override
  public DeviceNode node(Device device) {
    if (device instanceof CoherentDevice coherent) {
      return coherent.deviceNode();
    }
    throw new IllegalArgumentException("No device of a memory: device=" + device);
  }
}
