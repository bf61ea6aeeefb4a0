package io.samepage.opencl;

import java.util.List;

/** A context and the nodes that share it: buffers can be copied between them by the driver. Given back with the last node. */
final class OpenClContext {
  private final ClCalls calls;
  private final long handle;
  private final SharedVirtualMemory svm;
  private int users = 1;

  private OpenClContext(ClCalls calls, long handle, List<FoundDevice> devices) {
    this.calls = calls;
    this.handle = handle;
    svm = new SharedVirtualMemory(calls, handle, devices);
  }

  /** A context of devices of one platform. The caller is the first user. */
  static OpenClContext create(long platform, List<FoundDevice> devices) {
    ClCalls calls = new ClCalls(devices.getFirst().subject());
    long[] ids = devices.stream().mapToLong(FoundDevice::id).distinct().toArray();
    return new OpenClContext(calls, calls.createContext(platform, ids), devices);
  }

  /** A context that somebody else has made, who may release it before the last node is closed. The caller is the first user. */
  static OpenClContext shared(long handle, FoundDevice device) {
    ClCalls calls = new ClCalls(device.subject());
    calls.retainContext(handle);
    return new OpenClContext(calls, handle, List.of(device));
  }

  long handle() {
    return handle;
  }

  SharedVirtualMemory svm() {
    return svm;
  }

  synchronized void retain() {
    users++;
  }

  synchronized void release() {
    if (--users == 0) {
      svm.close();
      calls.releaseContext(handle);
    }
  }
}
