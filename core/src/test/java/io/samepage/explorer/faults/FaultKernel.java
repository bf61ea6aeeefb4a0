package io.samepage.explorer.faults;

/**
 * A kernel that threads may launch. Masks are of cells.
 *
 * @param device where it runs
 * @param reads what it reads
 * @param declares what it is declared to write
 * @param writes what it writes
 */
record FaultKernel(int device, int reads, int declares, int writes) {
  /** Reads and overwrites the same cells. */
  static FaultKernel update(int device, int cells) {
    return new FaultKernel(device, cells, cells, cells);
  }

  static FaultKernel read(int device, int cells) {
    return new FaultKernel(device, cells, 0, 0);
  }

  /** Overwrites without reading. */
  static FaultKernel write(int device, int cells) {
    return new FaultKernel(device, 0, cells, cells);
  }

  int cells() {
    return reads | declares;
  }

  boolean writesMemory() {
    return declares != 0;
  }
}
