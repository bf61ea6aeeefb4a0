package io.samepage.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import jcuda.driver.CUevent;

/**
 * An event and who uses it. Both lie in an entry of native memory as well, as {@code struct sp_cuda_event} of the fault handler's library
 * says: the handle, how many users there are, and the device as the handler knows it. Nobody records it again while it is in use.
 */
final class Event extends CUevent {
  static final long ENTRY_BYTES = 24;
  private static final long DEVICE_AT = 16;
  private static final long REFERENCES_AT = 8;
  private static final VarHandle REFERENCES = ValueLayout.JAVA_INT.varHandle();

  private final MemorySegment entry;
  private final boolean isTimed;

  Event(MemorySegment entry, boolean isTimed) {
    this.entry = entry;
    this.isTimed = isTimed;
  }

  /** The driver has made the event, of that device. */
  void made(long device) {
    entry.set(ValueLayout.JAVA_LONG, 0, getNativePointer());
    entry.set(ValueLayout.JAVA_LONG, DEVICE_AT, device);
  }

  boolean isTimed() {
    return isTimed;
  }

  /** {@return the address of the entry} */
  long address() {
    return entry.address();
  }

  boolean isInUse() {
    return (int) REFERENCES.getVolatile(entry, REFERENCES_AT) != 0;
  }

  void retain() {
    REFERENCES.getAndAdd(entry, REFERENCES_AT, 1);
  }

  void release() {
    REFERENCES.getAndAdd(entry, REFERENCES_AT, -1);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
