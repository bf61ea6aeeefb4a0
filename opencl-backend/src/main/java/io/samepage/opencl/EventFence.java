package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.node.PolledFence;
import org.lwjgl.opencl.CL10;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event of the program's as a fence. Retained until it is seen to be complete. */
final class EventFence extends PolledFence {
  private static final Logger LOG = LoggerFactory.getLogger(EventFence.class);
  private static final int RUNNING = 1;

  private final ClCalls calls;
  private final long event;
  /** Above 0 until the event is complete. */
  private volatile int status = RUNNING;

  private EventFence(ClCalls calls, long event) {
    super(calls.subject());
    this.calls = calls;
    this.event = event;
  }

  /** Retains the event, and sees to it that the driver starts on the commands up to it. */
  static EventFence of(long event) {
    String subject = "event=0x" + Long.toHexString(event);
    ClCalls calls = new ClCalls(subject);
    long queue = ClInfo.ofEvent(subject, event).sizes(CL10.CL_EVENT_COMMAND_QUEUE)[0];
    // Events that programs complete by themselves have none.
    if (queue != 0) {
      calls.flush(queue);
    }
    calls.retainEvent(event);
    return new EventFence(calls, event);
  }

  /** Gives back an event that nobody will look at. */
  synchronized void forget() {
    if (status > 0) {
      status = ErrorNames.ABORTED;
      release();
    }
  }

  @Override
  public boolean isDone() {
    return status <= 0 || look();
  }

  private synchronized boolean look() {
    if (status > 0) {
      int now = askedStatus();
      if (now <= 0) {
        status = now;
        release();
      }
    }
    return status <= 0;
  }

  private void release() {
    try {
      calls.releaseEvent(event);
    } catch (DeviceException e) {
      LOG.warn("Can't release an event of the program's", e);
    }
  }

  private int askedStatus() {
    try {
      return calls.executionStatus(event);
    } catch (DeviceException e) {
      // Nobody will ever know: as good as failed.
      return ErrorNames.ABORTED;
    }
  }

  @Override
  protected DeviceException failure() {
    return status == 0 ? null
        : new DeviceException("A command failed: " + calls.subject() + ", error=" + ErrorNames.ofCommand(status));
  }
}
