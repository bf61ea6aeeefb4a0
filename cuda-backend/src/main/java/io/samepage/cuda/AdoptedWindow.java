package io.samepage.cuda;

import io.samepage.node.Window;

/**
 * Device memory that the program has allocated, and frees.
 *
 * @param handle the {@code CUdeviceptr}
 * @param sizeBytes how much of it is used
 */
record AdoptedWindow(long handle, long sizeBytes) implements Window {
  /** What the alignment of every value that a kernel loads divides. */
  private static final int ALIGNMENT = 16;

  /** Checks memory; called while the context is current. */
  static AdoptedWindow of(MemoryCalls calls, long handle, long sizeBytes) {
    String subject = calls.context().subject() + ", pointer=" + hex(handle);
    check(handle != 0, "No memory is given", subject, "");
    check(handle % ALIGNMENT == 0, "Kernels can't use memory that begins there", subject, ", alignmentBytes=" + ALIGNMENT);
    MemoryCalls.Piece piece = calls.pieceAt(handle);
    check(piece != null, "The driver knows no memory there", subject, "");
    check(piece.isOfDevice(), "The memory is the host's: give what a device has allocated", subject, "");
    check(piece.context() == calls.context().address(), "The memory belongs to another context: open the memory on that one", subject,
        ", context=" + hex(piece.context()) + ", memorysContext=" + hex(calls.context().address()));
    check(piece.bytesBehind() >= sizeBytes, "There is less memory than the pages that it is to hold: make it as large as whole pages",
        subject, ", sizeBytes=" + piece.bytesBehind() + ", neededBytes=" + sizeBytes);
    return new AdoptedWindow(handle, sizeBytes);
  }

  private static void check(boolean isFit, String explanation, String subject, String found) {
    if (!isFit) {
      throw new IllegalArgumentException(explanation + ": " + subject + found);
    }
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  @Override
  public boolean isAdopted() {
    return true;
  }
}
