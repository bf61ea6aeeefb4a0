package io.samepage.opencl;

import io.samepage.node.Window;

/**
 * A buffer.
 *
 * @param handle its {@code cl_mem}
 * @param sizeBytes its size
 * @param svmAddress where it begins in shared virtual memory; 0 if it isn't there
 */
record OpenClWindow(long handle, long sizeBytes, long svmAddress) implements Window {
  /** One that isn't in shared virtual memory. */
  OpenClWindow(long handle, long sizeBytes) {
    this(handle, sizeBytes, 0);
  }
}
