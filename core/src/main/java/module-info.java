/** Unified memory: the API, the device SPI, the coherence manager and the embedded device. */
module io.samepage {
  requires org.slf4j;

  exports io.samepage;
  exports io.samepage.node;

  uses io.samepage.UnifiedMemoryProvider;
  uses io.samepage.node.DeviceBackend;
  uses io.samepage.node.MemoryProvider;

  provides io.samepage.UnifiedMemoryProvider with io.samepage.coherence.CoherentMemoryProvider;
  provides io.samepage.node.MemoryProvider with io.samepage.coherence.CoherentMemoryProvider;
  provides io.samepage.node.DeviceBackend with io.samepage.embedded.EmbeddedBackend;
}
