package io.samepage.opencl;

import io.samepage.DeviceLease;
import io.samepage.testkit.OwnProgram;
import java.util.concurrent.CompletableFuture;
import org.lwjgl.opencl.CL10;

/**
 * Buffers and commands of a program's, as random operations use them.
 *
 * @param own what the program has made
 */
record OwnOpenClProgram(OwnOpenCl own) implements OwnProgram {
  @Override
  public long allocate(int[] content) {
    return own.buffer(content);
  }

  @Override
  public int[] ints(long handle, int count) {
    return own.ints(handle, count);
  }

  @Override
  public void free(long handle) {
    own.free(handle);
  }

  @Override
  public CompletableFuture<Void> incrementAndLeave(DeviceLease lease, int count, int by) {
    long event = own.increment(lease.handle(), (int) (lease.handleOffsetBytes() / Integer.BYTES), count, by, 0);
    CompletableFuture<Void> end = OpenClInterop.closeWhen(lease, event);
    CL10.clReleaseEvent(event);
    return end;
  }
}
