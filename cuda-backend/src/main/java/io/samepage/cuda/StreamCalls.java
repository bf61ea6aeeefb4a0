package io.samepage.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * The calls that make streams and events and order them. Each is made while the context is current.
 *
 * @param context where failures are said
 */
record StreamCalls(CudaContext context) {

  /** Fills in a stream that doesn't wait for the default stream. */
  void createStream(CUstream stream) {
    context.check("cuStreamCreate", JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "");
  }

  void synchronize(CUstream stream) {
    context.check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream), "");
  }

  void destroy(CUstream stream) {
    context.check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(stream), "");
  }

  /** Fills in an event. */
  void createEvent(CUevent event, boolean isTimed) {
    int flags = isTimed ? CUevent_flags.CU_EVENT_DEFAULT : CUevent_flags.CU_EVENT_DISABLE_TIMING;
    context.check("cuEventCreate", JCudaDriver.cuEventCreate(event, flags), "");
  }

  void record(CUevent event, CUstream stream) {
    context.check("cuEventRecord", JCudaDriver.cuEventRecord(event, stream), "");
  }

  /** What comes next in the stream comes behind the event, of whichever stream. */
  void await(CUstream stream, CUevent event) {
    context.check("cuStreamWaitEvent", JCudaDriver.cuStreamWaitEvent(stream, event, 0), "");
  }

  /** {@return {@code CUDA_SUCCESS} if the event was passed, {@code CUDA_ERROR_NOT_READY}, or how the context has failed} */
  int status(CUevent event) {
    return JCudaDriver.cuEventQuery(event);
  }

  /** {@return the time between two events that were passed, 0 if the driver doesn't know} */
  long nanosBetween(CUevent start, CUevent end) {
    float[] millis = new float[1];
    return JCudaDriver.cuEventElapsedTime(millis, start, end) == CUresult.CUDA_SUCCESS ? Math.max(1, (long) (millis[0] * 1e6)) : 0;
  }

  void destroy(CUevent event) {
    context.check("cuEventDestroy", JCudaDriver.cuEventDestroy(event), "");
  }
}
