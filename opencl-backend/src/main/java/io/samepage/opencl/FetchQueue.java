package io.samepage.opencl;

import io.samepage.node.FaultSource;
import org.lwjgl.opencl.CL;
import org.lwjgl.opencl.CLCapabilities;

/** A queue that the fault handler alone uses, made when it is first asked for. Safe for use by any thread. */
final class FetchQueue {
  private final ClCalls calls;
  private final long context;
  private final long device;
  private final long commandQueue;
  private long handle;

  FetchQueue(ClCalls calls, long context, long device, long commandQueue) {
    this.calls = calls;
    this.context = context;
    this.device = device;
    this.commandQueue = commandQueue;
  }

  /** What the fault handler needs: the loader's functions, which it calls without Java, and the queues. */
  synchronized FaultSource.OpenCl source() {
    if (handle == 0) {
      handle = calls.createQueue(context, device);
    }
    CLCapabilities functions = CL.getICD();
    return new FaultSource.OpenCl(functions.clEnqueueReadBuffer, functions.clEnqueueWriteBuffer, functions.clFlush,
        functions.clGetEventInfo, functions.clRetainEvent, functions.clReleaseEvent, handle, commandQueue);
  }

  /** Waits for what is in the queue. */
  synchronized void settle() {
    if (handle != 0) {
      calls.finish(handle);
    }
  }

  /** Waits for what is in the queue and gives it back. */
  synchronized void close() {
    if (handle != 0) {
      calls.finish(handle);
      calls.releaseQueue(handle);
      handle = 0;
    }
  }
}
