package io.samepage.node;

/**
 * How the fault handler reads a device's windows. It is native code that must never wait for Java: a thread that waits for a page
 * can't be stopped for a garbage collection.
 */
public sealed interface FaultSource {
  /**
   * Windows are memory of this process, and {@link Window#handle()} is their address. Kernels that write to memory whose faults are served
   * from here are waited for before a launch returns.
   */
  record Memory() implements FaultSource {}

  /**
   * Windows are OpenCL buffers. The functions' addresses and the queues stay good as long as the node is open.
   *
   * @param enqueueReadBuffer the address of {@code clEnqueueReadBuffer}
   * @param enqueueWriteBuffer the address of {@code clEnqueueWriteBuffer}
   * @param flush the address of {@code clFlush}
   * @param getEventInfo the address of {@code clGetEventInfo}
   * @param retainEvent the address of {@code clRetainEvent}
   * @param releaseEvent the address of {@code clReleaseEvent}
   * @param fetchQueue an in-order queue of the device that is used for nothing else
   * @param commandQueue the node's own queue, which is in order
   */
  record OpenCl(long enqueueReadBuffer, long enqueueWriteBuffer, long flush, long getEventInfo, long retainEvent, long releaseEvent,
      long fetchQueue, long commandQueue) implements FaultSource {}

  /**
   * Windows are CUDA device memory, and {@link Window#handle()} is their {@code CUdeviceptr}. Events are addresses of 24 bytes: the
   * {@code CUevent}, the count of those who use it (an {@code int} that is changed atomically), an {@code int} that is 0, and
   * {@code device}. The node pins host memory in pieces that end at multiples of 32 MiB at the latest. What is told of here stays good as
   * long as the node is open.
   *
   * @param device the address of 14 numbers: the addresses of {@code cuCtxPushCurrent}, {@code cuCtxPopCurrent},
   *     {@code cuMemcpyDtoHAsync}, {@code cuMemcpyHtoDAsync}, {@code cuEventCreate}, {@code cuEventRecord}, {@code cuEventQuery},
   *     {@code cuEventDestroy} and {@code cuStreamSynchronize}; the {@code CUcontext}; this very address and a stream that is used for
   *     nothing else; this very address and the node's own stream
   */
  record Cuda(long device) implements FaultSource {}
}
