package io.samepage;

/** Where a device keeps the pages that it uses. */
public enum MemoryKind {
  /** In memory of its own: pages are copied there and back. Every device has it, and what is not said otherwise is of this kind. */
  DISCRETE,
  /**
   * In the host's own frames: the device uses them where they are, and no byte moves. For devices that share the host's memory; what is
   * promised of leases, launches, touching and failures holds as for any other device. Such a device has no copies: what the host holds it
   * holds, and what its kernels write is the host's. Of memory that the host touches ({@link UnifiedArena}), what another device alone
   * has is brought to the host also where a launch on such a device will overwrite it: a touch meanwhile sees nothing older.
   */
  COHERENT,
  /**
   * Shared virtual memory: a range that the host and all devices of one driver's context use where it is, at the same address, so that
   * pointers in it mean the same to a kernel as to the host. No byte moves. Chosen for a range when it is allocated.
   */
  SVM
}
