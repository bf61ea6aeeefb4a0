package io.samepage.cuda;

import io.samepage.node.FaultSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Supplier;

/**
 * A stream that the fault handler alone uses, made when it is first asked for, and what the handler must know. Safe for use by any thread.
 */
final class FetchStream {
  private static final List<String> FUNCTIONS = List.of("cuCtxPushCurrent_v2", "cuCtxPopCurrent_v2", "cuMemcpyDtoHAsync_v2",
      "cuMemcpyHtoDAsync_v2", "cuEventCreate", "cuEventRecord", "cuEventQuery", "cuEventDestroy_v2", "cuStreamSynchronize");
  private static final int NUMBERS = FUNCTIONS.size() + 5;

  private final CudaContext context;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment device = arena.allocate(ValueLayout.JAVA_LONG, NUMBERS);
  private CudaStream stream;

  FetchStream(CudaContext context) {
    this.context = context;
  }

  /** {@return the address of what the handler must know, which events name} */
  long device() {
    return device.address();
  }

  /** {@return the same, filled in} */
  synchronized FaultSource.Cuda source(CudaStream commands, Supplier<CudaStream> newStream) {
    if (stream == null) {
      try (CudaContext.Use current = context.enter()) {
        stream = newStream.get();
      }
      fill(commands);
    }
    return new FaultSource.Cuda(device());
  }

  private void fill(CudaStream commands) {
    int next = 0;
    for (String function : FUNCTIONS) {
      set(next++, DriverNative.address(function));
    }
    set(next++, context.address());
    set(next++, device());
    set(next++, stream.address());
    set(next++, device());
    set(next, commands.address());
  }

  private void set(int index, long value) {
    device.setAtIndex(ValueLayout.JAVA_LONG, index, value);
  }

  /** Waits for what is in the stream; called while the context is current. */
  void settle() {
    CudaStream present;
    synchronized (this) {
      present = stream;
    }
    if (present != null) {
      present.settle();
    }
  }

  /** Waits for what is in the stream and gives it back; called while the context is current. */
  synchronized void close() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  /** Nobody knows events any more. */
  void forget() {
    arena.close();
  }
}
