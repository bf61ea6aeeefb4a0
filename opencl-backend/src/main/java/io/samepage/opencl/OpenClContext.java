package io.samepage.opencl;

import java.util.List;

/** A context and the nodes that share it: buffers can be copied between them by the driver. Given back with the last node. */
final class OpenClContext {
  private final ClCalls calls;
  private final long handle;
  private final SharedVirtualMemory svm;
  private int users = 1;

  /** The maker is the first user. */
  OpenClContext(long platform, List<FoundDevice> devices) {
    calls = new ClCalls(devices.getFirst().subject());
    handle = calls.createContext(platform, devices.stream().mapToLong(FoundDevice::id).distinct().toArray());
    svm = new SharedVirtualMemory(calls, handle);
  }

  SharedVirtualMemory svm() {
    return svm;
  }

  long handle() {
    return handle;
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
