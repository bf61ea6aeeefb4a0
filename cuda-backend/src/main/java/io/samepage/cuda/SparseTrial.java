package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.node.Window;

/**
 * Finds out whether address space of a device really gets memory, for it and for those that copy from it. What a driver says of a device
 * is one thing, and what the system around it grants can be another.
 *
 * @param sparse what is tried
 * @param memory memory that needs no address space
 */
record SparseTrial(SparseMemory sparse, MemoryCalls memory) {
  /** Tries two units beside each other. Where they get no memory, and memory of another kind is there, there are no units any more. */
  void run() {
    long unitBytes = sparse.unitBytes();
    try {
      Window window = sparse.reserve(2 * unitBytes);
      try {
        back(window, unitBytes);
      } finally {
        sparse.free(window);
      }
    } catch (DeviceException e) {
      // A device that is full says nothing of what it grants when it isn't.
      if (grants(unitBytes)) {
        sparse.renounce(e);
      }
    }
  }

  private void back(Window window, long unitBytes) {
    sparse.back(window, 0, unitBytes);
    try {
      sparse.back(window, unitBytes, unitBytes);
      sparse.unback(window, unitBytes, unitBytes);
    } finally {
      sparse.unback(window, 0, unitBytes);
    }
  }

  private boolean grants(long sizeBytes) {
    try {
      memory.free(memory.allocate(sizeBytes));
      return true;
    } catch (DeviceException e) {
      return false;
    }
  }
}
