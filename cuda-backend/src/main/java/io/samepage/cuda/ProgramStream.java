package io.samepage.cuda;

import io.samepage.DeviceException;
import jcuda.driver.CUstream;

/** A stream for the program's own work, made when it is first asked for. Samepage uses it for nothing. Safe for use by any thread. */
final class ProgramStream {
  private final CudaContext context;
  private final StreamCalls calls;
  private CUstream handle;
  private boolean isClosed;

  ProgramStream(CudaContext context, StreamCalls calls) {
    this.context = context;
    this.calls = calls;
  }

  synchronized CUstream handle() {
    if (isClosed) {
      throw new IllegalStateException("The memory is closed, and its streams are gone.");
    }
    if (handle == null) {
      CUstream made = new CUstream();
      try (CudaContext.Use current = context.enter()) {
        calls.createStream(made);
      }
      handle = made;
    }
    return handle;
  }

  /** Waits for what is in it and gives it back; called while the context is current. */
  synchronized void close() {
    isClosed = true;
    if (handle != null) {
      try {
        calls.synchronize(handle);
        calls.destroy(handle);
      } catch (DeviceException e) {
        if (!context.isLost()) {
          throw e;
        }
      }
      handle = null;
    }
  }
}
