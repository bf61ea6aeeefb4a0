package io.samepage.host;

/**
 * An OpenCL device as the fault handler uses it: addresses of the driver's functions, and two in-order queues. They stay good until the
 * windows that name them are gone.
 *
 * @param enqueueReadBuffer the address of {@code clEnqueueReadBuffer}
 * @param enqueueWriteBuffer the address of {@code clEnqueueWriteBuffer}
 * @param flush the address of {@code clFlush}
 * @param getEventInfo the address of {@code clGetEventInfo}
 * @param retainEvent the address of {@code clRetainEvent}
 * @param releaseEvent the address of {@code clReleaseEvent}
 * @param fetchQueue a queue that the handler alone uses
 * @param commandQueue the queue of uploads
 */
public record OpenClFunctions(long enqueueReadBuffer, long enqueueWriteBuffer, long flush, long getEventInfo, long retainEvent,
    long releaseEvent, long fetchQueue, long commandQueue) {}
