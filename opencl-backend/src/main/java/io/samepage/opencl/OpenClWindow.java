package io.samepage.opencl;

import io.samepage.node.Window;

/**
 * A buffer.
 *
 * @param handle its {@code cl_mem}
 * @param sizeBytes its size
 */
record OpenClWindow(long handle, long sizeBytes) implements Window {}
