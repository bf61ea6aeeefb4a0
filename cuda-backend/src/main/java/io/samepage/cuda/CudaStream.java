package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;

/** A stream of a node and the fences in it. Safe for use by any thread, while the context is current but where said otherwise. */
final class CudaStream {
  /** A stream that tells its handle. */
  private static final class Handle extends CUstream {
    long value() {
      return getNativePointer();
    }
  }

  private final CudaContext context;
  private final StreamCalls calls;
  private final EventPool events;
  private final Handle handle = new Handle();

  // All below is guarded by this.
  private final Deque<CudaFence> inFlight = new ArrayDeque<>();
  private CudaFence newest = CudaFence.passed();
  private boolean hasMore;

  CudaStream(CudaContext context, StreamCalls calls, EventPool events) {
    this.context = context;
    this.calls = calls;
    this.events = events;
    calls.createStream(handle);
  }

  CudaContext context() {
    return context;
  }

  CUstream handle() {
    return handle;
  }

  /** {@return the stream's handle as a number} */
  long address() {
    return handle.value();
  }

  /** Something was enqueued that no fence stands behind yet. */
  synchronized void enqueued() {
    hasMore = true;
  }

  /** {@return a fence behind all that was enqueued: the newest if there is nothing behind it} */
  synchronized CudaFence fence() {
    return hasMore ? recorded(null) : newest;
  }

  /**
   * Begins to measure a kernel.
   *
   * @return the event before it, for {@link #fenceOfKernel} or {@link #give}
   */
  Event begin() {
    Event start = events.take(true);
    try {
      calls.record(start, handle);
      return start;
    } catch (RuntimeException e) {
      events.give(start);
      throw e;
    }
  }

  /** {@return a fence behind a kernel that was enqueued; where none can be had the kernel is waited for, and the fence has failed} */
  synchronized CudaFence fenceOfKernel(Event start) {
    try {
      return recorded(start);
    } catch (DeviceException e) {
      settle();
      give(start, null);
      return CudaFence.failed(e);
    }
  }

  private CudaFence recorded(Event start) {
    Event end = events.take(start != null);
    try {
      calls.record(end, handle);
    } catch (RuntimeException e) {
      events.give(end);
      throw e;
    }
    newest = new CudaFence(this, start, end);
    hasMore = false;
    inFlight.add(newest);
    while (!inFlight.isEmpty() && inFlight.peek().isDone()) {
      inFlight.remove();
    }
    return newest;
  }

  /** Waits for all that was enqueued, however it ends. */
  void settle() {
    try {
      calls.synchronize(handle);
    } catch (DeviceException e) {
      // The device is lost: nothing of it runs any more.
    }
  }

  /** What comes next comes behind other fences of the node, however they end. */
  void waitFor(NodeQueue.After after) {
    after.needed().forEach(this::waitFor);
    after.ended().forEach(this::waitFor);
  }

  /** What comes next comes behind a fence, also one of another device. */
  void waitFor(NodeFence fence) {
    waitFor(fence, events);
  }

  /**
   * What comes next comes behind a fence.
   *
   * @param fence the fence
   * @param its where its event is from
   */
  void waitFor(NodeFence fence, EventPool its) {
    long address = fence.isDone() ? 0 : fence.retainedEvent();
    if (address == 0) {
      awaitWithoutEvent(fence);
      return;
    }
    Event event = its.at(address);
    try {
      calls.await(handle, event);
    } finally {
      event.release();
    }
  }

  /** Mostly it has passed. */
  private static void awaitWithoutEvent(NodeFence fence) {
    try {
      fence.awaitUninterruptibly();
    } catch (DeviceException e) {
      // Said to who waits for it.
    }
  }

  /** For fences: whether an event was passed. Throws if the context has failed. */
  boolean isPassed(Event event) {
    int status = calls.status(event);
    if (status != CUresult.CUDA_ERROR_NOT_READY) {
      context.check("cuEventQuery", status, "");
    }
    return status == CUresult.CUDA_SUCCESS;
  }

  long nanosBetween(Event start, Event end) {
    return calls.nanosBetween(start, end);
  }

  /** Takes back the events of a fence; either may be null. Needs no context. */
  void give(Event start, Event end) {
    if (start != null) {
      events.give(start);
    }
    if (end != null) {
      events.give(end);
    }
  }

  /** Waits until the stream is empty and gives it back. Fences can still be asked. */
  void close() {
    settle();
    synchronized (this) {
      inFlight.forEach(CudaFence::isDone);
      inFlight.clear();
    }
    try {
      calls.destroy(handle);
    } catch (DeviceException e) {
      if (!context.isLost()) {
        throw e;
      }
    }
  }
}
