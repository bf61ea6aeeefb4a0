package io.samepage.cuda;

import io.samepage.node.Window;

/**
 * Device memory.
 *
 * @param handle the {@code CUdeviceptr}
 * @param sizeBytes its size
 */
record CudaWindow(long handle, long sizeBytes) implements Window {}
