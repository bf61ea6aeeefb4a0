package io.samepage.cuda;

import jcuda.Pointer;

/** An address of host memory, for JCuda. */
final class HostPointer extends Pointer {
  HostPointer(long address) {
    super(address);
  }
}
