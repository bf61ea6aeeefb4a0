package io.samepage.cuda;

import io.samepage.DeviceLease;
import io.samepage.testkit.OwnProgram;
import java.util.concurrent.CompletableFuture;
import jcuda.driver.CUdeviceptr;

/**
 * Memory and commands of a program's, as random operations use them.
 *
 * @param own what the program has made
 */
record OwnCudaProgram(OwnCuda own) implements OwnProgram {
  private static CUdeviceptr at(long handle) {
    return new CUdeviceptr().withByteOffset(handle);
  }

  @Override
  public long allocate(int[] content) {
    return MemoryCalls.valueOf(own.allocate(content));
  }

  @Override
  public int[] ints(long handle, int count) {
    return own.ints(at(handle), count);
  }

  @Override
  public void free(long handle) {
    own.free(at(handle));
  }

  @Override
  public CompletableFuture<Void> incrementAndLeave(DeviceLease lease, int count, int by) {
    own.increment(at(lease.handle() + lease.handleOffsetBytes()), count, by);
    return CudaInterop.closeWhen(lease, own.stream());
  }
}
