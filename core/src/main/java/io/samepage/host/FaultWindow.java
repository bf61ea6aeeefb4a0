package io.samepage.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Device memory that backs a run of an extent, as the fault handler sees it. Made before any page can be on the device there, forgotten
 * when none can be any more. May be used by any thread.
 */
public final class FaultWindow {
  /** How many queues of a device may write to a window: {@code SP_QUEUES}. */
  public static final int QUEUES = 8;

  private static final int FETCH_MEMORY = 1;
  private static final int FETCH_OPENCL = 2;
  private static final int FETCH_SHARED = 3;
  // struct sp_window
  static final long SIZE_BYTES = 88 + 2 * Long.BYTES * (long) QUEUES;
  private static final long KIND = 0;
  private static final long MEMORY = 8;
  private static final long FIRST_BYTE = 16;
  private static final long SIZE = 24;
  private static final long RANGE = 32;
  private static final long OPENCL = 48;
  private static final long FETCHED_PAGES = 64;

  private final WatchedMemory memory;
  private final MemorySegment struct;

  FaultWindow(WatchedMemory memory, long firstByte, long sizeBytes, long rangeNumber, long handle, long functions,
      boolean isShared) {
    this.memory = memory;
    struct = memory.windowStructs().take();
    int own = functions == 0 ? FETCH_MEMORY : FETCH_OPENCL;
    struct.set(JAVA_INT, KIND, isShared ? FETCH_SHARED : own);
    struct.set(JAVA_LONG, MEMORY, handle);
    struct.set(JAVA_LONG, FIRST_BYTE, firstByte);
    struct.set(JAVA_LONG, SIZE, sizeBytes);
    struct.set(JAVA_LONG, RANGE, rangeNumber);
    struct.set(JAVA_LONG, OPENCL, functions);
  }

  long address() {
    return struct.address();
  }

  /**
   * Says which event the window's contents are complete with, as far as one queue writes to it: of the last such command. Called in the
   * order of the queue. Who fetches waits for those of all queues.
   *
   * @param queue which of the device's queues, less than {@link #QUEUES}
   * @param event the event, flushed, and retained for the window; 0 if all is complete
   * @param launches how many launches are in the queues up to it, which may take a fetch's time each
   * @return the event before it, to be released; or 0
   */
  public long setProducer(int queue, long event, int launches) {
    return FaultNative.setProducer(address(), queue, event, launches);
  }

  /**
   * Lets go of what is held for the window, but for the producers, which the caller has taken back. No page is on the device there any
   * more. Called once; nothing else is called afterwards.
   */
  public void forget() {
    FaultNative.forgetWindow(address());
    memory.windowStructs().give(struct);
  }

  /** {@return how many pages were brought from here to the host} */
  public long fetchedPages() {
    return struct.get(JAVA_LONG, FETCHED_PAGES);
  }

  @Override
  public String toString() {
    return "FaultWindow[0x" + Long.toHexString(address()) + "]";
  }
}
