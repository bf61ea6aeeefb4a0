package io.samepage.cuda;

import io.samepage.node.Window;

/**
 * Reserved address space.
 *
 * @param handle the {@code CUdeviceptr} of its first byte, which never changes
 * @param sizeBytes its size
 * @param sparseUnitBytes in what units memory is mapped there
 */
record SparseWindow(long handle, long sizeBytes, long sparseUnitBytes) implements Window {}
