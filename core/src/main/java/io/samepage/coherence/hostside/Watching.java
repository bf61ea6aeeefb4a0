package io.samepage.coherence.hostside;

import io.samepage.HostAccess;
import io.samepage.HostStatistics;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.host.OpenClFunctions;
import io.samepage.host.Refusal;
import io.samepage.host.WatchedCounts;
import io.samepage.host.WatchedMemory;
import io.samepage.node.FaultSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A memory's fault handler, where there is one. It is started when somebody first asks for it. */
public final class Watching {
  private static final String EXPLICIT_FORM = "Ranges and host leases (UnifiedMemory.allocate, UnifiedRange.host) work all the same.";

  private final int devices;
  private WatchedMemory.Attempt attempt;
  private final Map<CoherentDevice, Long> functions = new ConcurrentHashMap<>();

  /**
   * A fault handler that is not started yet.
   *
   * @param devices how many devices the memory has
   */
  public Watching(int devices) {
    this.devices = devices;
  }

  private synchronized WatchedMemory.Attempt attempt() {
    if (attempt == null) {
      attempt = devices <= WatchedMemory.mostDevices() ? WatchedMemory.open()
          : new WatchedMemory.Attempt(null, tooManyDevices());
    }
    return attempt;
  }

  private Refusal tooManyDevices() {
    return new Refusal("there are too many devices: devices=" + devices + ", most=" + WatchedMemory.mostDevices(),
        "Open a memory over fewer devices.");
  }

  private synchronized WatchedMemory memoryIfStarted() {
    return attempt == null ? null : attempt.memory();
  }

  /**
   * How the host may use memory here; starts the fault handler if it can be started.
   *
   * @return the access
   */
  public HostAccess access() {
    Refusal refusal = attempt().refusal();
    return refusal == null ? new HostAccess(HostAccess.Mode.TRANSPARENT, "the fault handler runs", "")
        : new HostAccess(HostAccess.Mode.EXPLICIT, refusal.reason(), refusal.remedy());
  }

  /**
   * The watched memory.
   *
   * @return the watched memory
   * @throws UnsupportedOperationException if there is none
   */
  public WatchedMemory memory() {
    if (attempt().memory() == null) {
      Refusal refusal = attempt().refusal();
      throw new UnsupportedOperationException("Transparent host access is not to be had here: " + refusal.reason() + ". "
          + refusal.remedy() + " " + EXPLICIT_FORM);
    }
    return attempt().memory();
  }

  /**
   * Sees to it that a device can use ranges, and that the fault handler can read its windows.
   *
   * @param device the device
   * @param request whose ranges
   * @throws io.samepage.MemoryKindException if a range is in shared virtual memory that isn't the device's
   * @throws UnsupportedOperationException if it can't
   */
  public static void checkReaches(CoherentDevice device, LeaseRequest request) {
    SvmPages.checkReached(device, request);
    if (request.isWatched() && device.faultSource().isEmpty()) {
      throw new UnsupportedOperationException("Memory of an arena can't be used on this device, as its back end does not let the fault "
          + "handler read from it, or too many devices came before it: device=" + device.name() + ", number=" + device.number() + ", most="
          + WatchedMemory.mostDevices() + ", asked=" + request + ". " + EXPLICIT_FORM);
    }
  }

  /** Where the fault handler finds a device's functions; 0 if its windows are memory. */
  long functions(CoherentDevice device) {
    return switch (device.faultSource().orElseThrow()) {
      case FaultSource.Memory memory -> 0;
      case FaultSource.OpenCl cl -> functions.computeIfAbsent(device, key -> memory().functions(new OpenClFunctions(
          cl.enqueueReadBuffer(), cl.enqueueWriteBuffer(), cl.flush(), cl.getEventInfo(), cl.retainEvent(), cl.releaseEvent(),
          cl.fetchQueue(), cl.commandQueue())));
      case FaultSource.Cuda cuda -> functions.computeIfAbsent(device, key -> memory().cudaFunctions(cuda.device()));
    };
  }

  /** {@return what touching has led to in all ranges} */
  public HostStatistics statistics() {
    WatchedMemory memory = memoryIfStarted();
    return memory == null ? HostStatistics.NOTHING : statistics(memory.counts());
  }

  static HostStatistics statistics(WatchedCounts counts) {
    return new HostStatistics(counts.faults(), counts.fetchedPages(), counts.fetchNanos(), counts.neighbourPages(),
        counts.neighbourUsedPages(), counts.grownPages(), counts.grownUsedPages(), counts.aheadPages(), counts.aheadUsedPages(),
        counts.writtenPages(), counts.scanNanos(), counts.poisonedPages());
  }

  /** Stops the fault handler. All ranges that are watched were closed. */
  public synchronized void close() {
    if (attempt != null && attempt.memory() != null) {
      attempt.memory().close();
      attempt = new WatchedMemory.Attempt(null, new Refusal("the memory is closed", ""));
    }
  }
}
