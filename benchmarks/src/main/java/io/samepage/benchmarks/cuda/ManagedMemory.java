package io.samepage.benchmarks.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUdevice;
import jcuda.driver.CUmem_advise;
import jcuda.driver.JCudaDriver;

/**
 * A piece of managed memory, which host and device use by one address; it goes with the driver's objects.
 *
 * @param cuda whose it is
 * @param segment the memory
 */
record ManagedMemory(RawCuda cuda, MemorySegment segment) {
  /**
   * Takes memory, all that a benchmark needs: what takes several pieces would be over the limit unseen.
   *
   * @throws IllegalStateException if the rules refuse it
   */
  static ManagedMemory allocate(RawCuda cuda, long sizeBytes, boolean isHinted) {
    ManagedRules.of(cuda).refusal(sizeBytes, isHinted).ifPresent(reason -> {
      throw new IllegalStateException("Not measured: " + reason);
    });
    return new ManagedMemory(cuda, MemorySegment.ofAddress(cuda.allocateManaged(sizeBytes)).reinterpret(sizeBytes));
  }

  ManagedMemory slice(long offsetBytes, long sizeBytes) {
    return new ManagedMemory(cuda, segment.asSlice(offsetBytes, sizeBytes));
  }

  long address() {
    return segment.address();
  }

  /** Brings it to the device, in the stream. */
  void prefetchToDevice() {
    prefetch(cuda.device());
  }

  /** Brings it to the host, in the stream. */
  void prefetchToHost() {
    prefetch(JCudaDriver.CU_DEVICE_CPU);
  }

  private void prefetch(CUdevice to) {
    RawCuda.check("cuMemPrefetchAsync",
        JCudaDriver.cuMemPrefetchAsync(RawCuda.at(address()), segment.byteSize(), to, cuda.stream()));
  }

  /** It is mostly read: who reads it gets a copy, and a write takes the copies of its page away. */
  void adviseReadMostly() {
    advise(CUmem_advise.CU_MEM_ADVISE_SET_READ_MOSTLY);
  }

  /** It is to stay on the device where it can. */
  void advisePreferDevice() {
    advise(CUmem_advise.CU_MEM_ADVISE_SET_PREFERRED_LOCATION);
  }

  private void advise(int advice) {
    RawCuda.check("cuMemAdvise", JCudaDriver.cuMemAdvise(RawCuda.at(address()), segment.byteSize(), advice, cuda.device()));
  }
}
