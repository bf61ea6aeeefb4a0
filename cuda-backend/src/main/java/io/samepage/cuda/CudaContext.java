package io.samepage.cuda;

import io.samepage.DeviceException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A context of a device, its primary one or one that the program has made, and whether it still works: after some failures the driver
 * refuses all that is asked of a context. Safe for use by any thread.
 */
final class CudaContext implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CudaContext.class);
  private static final Set<CudaContext> OPEN = ConcurrentHashMap.newKeySet();

  /** A thread's use of the context, to be closed by it. */
  interface Use extends AutoCloseable {
    @Override
    void close();
  }

  /** A context that tells its handle. */
  static final class Handle extends CUcontext {
    long value() {
      return getNativePointer();
    }
  }

  private final FoundDevice found;
  private final ContextCalls calls;
  private final CUdevice device;
  private final Handle handle;
  private final Use use;
  private final boolean isPrimary;
  private volatile String loss;

  /** The primary context, retained until this is closed. */
  CudaContext(FoundDevice found) {
    this(found, null);
  }

  /** A context that the program has made, there until this is closed; the primary one for null. */
  CudaContext(FoundDevice found, CUcontext given) {
    this.found = found;
    calls = new ContextCalls(found.subject());
    device = calls.device(found.ordinal());
    handle = new Handle();
    isPrimary = given == null;
    if (isPrimary) {
      calls.retain(device, handle);
    } else {
      calls.copy(given, handle);
    }
    use = calls::pop;
    OPEN.add(this);
  }

  String subject() {
    return found.subject();
  }

  CUcontext handle() {
    return handle;
  }

  /** {@return the handle as programs have it: equal to others of its kind} */
  CUcontext plainHandle() {
    CUcontext plain = new CUcontext();
    calls.copy(handle, plain);
    return plain;
  }

  /** {@return whether a stream of the program's belongs to this context} */
  boolean has(CUstream stream) {
    try (Use current = enter()) {
      Handle its = new Handle();
      calls.contextOf(stream, its);
      return its.value() == handle.value();
    }
  }

  /** {@return the handle as a number} */
  long address() {
    return handle.value();
  }

  /** Makes the context current on this thread until the use is closed. */
  Use enter() {
    calls.push(handle);
    return use;
  }

  boolean canAccess(CudaContext peer) {
    return calls.canAccess(device, peer.device);
  }

  /** Lets kernels and copies of this context use the memory of another one. */
  void enableAccess(CudaContext peer) {
    try (Use current = enter()) {
      calls.enableAccess(peer.handle);
    }
  }

  boolean isLost() {
    return loss != null;
  }

  /**
   * Looks at what a call returned.
   *
   * @param call its name
   * @param code what it returned
   * @param details what it was asked, to be appended to messages; may be empty
   * @throws DeviceException if it failed
   */
  void check(String call, int code, String details) {
    if (code != CUresult.CUDA_SUCCESS) {
      throw failure(call, code, details);
    }
  }

  /** Says of a call that it failed, and notes if nothing will work any more. */
  DeviceException failure(String call, int code, String details) {
    if (ErrorNames.isFatal(code) && loss == null) {
      loss = ErrorNames.of(code);
      LOG.error("A device is lost, and what it alone held with it: {}, call={}, error={}. What is elsewhere can still be used", subject(),
          call, loss);
    }
    String lost = loss == null ? "" : ", lost=the device takes no more work in this process since " + loss;
    return new DeviceException(call + " failed: " + subject() + ", error=" + ErrorNames.of(code) + details + lost);
  }

  /** {@return other contexts that work, to give back what is this process's when this one can't} */
  List<CudaContext> others() {
    return OPEN.stream().filter(other -> other != this && !other.isLost()).toList();
  }

  @Override
  public void close() {
    OPEN.remove(this);
    if (isPrimary) {
      calls.release(device);
    }
  }
}
