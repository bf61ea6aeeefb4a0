package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.node.PolledFence;
import jcuda.driver.CUevent;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event in the program's commands as a fence: the program's own, or one of ours behind what is in a stream of its. */
final class EventFence extends PolledFence {
  private static final Logger LOG = LoggerFactory.getLogger(EventFence.class);

  private final CudaContext context;
  private final StreamCalls calls;
  private final CUevent event;
  private final boolean isOurs;
  private volatile boolean isDone;
  private DeviceException failure;

  private EventFence(CudaContext context, StreamCalls calls, CUevent event, boolean isOurs, String subject) {
    super(context.subject() + ", " + subject);
    this.context = context;
    this.calls = calls;
    this.event = event;
    this.isOurs = isOurs;
  }

  /** The program's event, which it keeps until it is complete. */
  static EventFence of(CudaContext context, StreamCalls calls, CUevent event) {
    return new EventFence(context, calls, event, false, "event=" + event);
  }

  /** An event behind all that is in a stream of the program's now; called while the context is current. */
  static EventFence behind(CudaContext context, StreamCalls calls, CUstream stream) {
    CUevent event = new CUevent();
    calls.createEvent(event, false);
    EventFence fence = new EventFence(context, calls, event, true, "stream=" + stream);
    try {
      calls.record(event, stream);
      return fence;
    } catch (RuntimeException e) {
      fence.giveBack();
      throw e;
    }
  }

  /** Nobody will look at it. */
  synchronized void forget() {
    if (!isDone) {
      isDone = true;
      try (CudaContext.Use current = context.enter()) {
        giveBack();
      }
    }
  }

  @Override
  public boolean isDone() {
    return isDone || look();
  }

  private synchronized boolean look() {
    if (isDone) {
      return true;
    }
    try (CudaContext.Use current = context.enter()) {
      int status = calls.status(event);
      if (status == CUresult.CUDA_ERROR_NOT_READY) {
        return false;
      }
      failure = status == CUresult.CUDA_SUCCESS ? null : context.failure("cuEventQuery", status, "");
      giveBack();
    } catch (DeviceException e) {
      // Nobody will ever know: as good as failed.
      failure = e;
    }
    isDone = true;
    return true;
  }

  private void giveBack() {
    if (isOurs) {
      try {
        calls.destroy(event);
      } catch (DeviceException e) {
        LOG.debug("Can't give an event back", e);
      }
    }
  }

  @Override
  protected synchronized DeviceException failure() {
    return failure;
  }
}
