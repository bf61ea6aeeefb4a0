package io.samepage.benchmarks.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** By hand: a copy of each page from pinned memory, whose addresses are made once, and nobody waits in between. */
final class PinnedRange implements ScatteredRange {
  private final RawCuda cuda = new RawCuda();
  private final DirtyPages pages;
  private final MemorySegment host;
  private final MemorySegment small;
  private final long words;
  private final Pointer[] sources;
  private final CUdeviceptr[] targets;
  private final CudaFunction read;

  PinnedRange(long sizeBytes) {
    pages = new DirtyPages(sizeBytes);
    host = cuda.allocatePinned(sizeBytes);
    small = cuda.allocatePinned(DirtyPages.WORDS_BYTES);
    long device = cuda.allocate(sizeBytes);
    long numbers = cuda.allocate(DirtyPages.NUMBERS_BYTES);
    words = cuda.allocate(DirtyPages.WORDS_BYTES);
    long[] offsets = pages.offsets();
    sources = Arrays.stream(offsets).mapToObj(offset -> RawCuda.at(host.asSlice(offset))).toArray(Pointer[]::new);
    targets = Arrays.stream(offsets).mapToObj(offset -> RawCuda.at(device + offset)).toArray(CUdeviceptr[]::new);
    pages.putNumbers(small);
    cuda.upload(numbers, small.asSlice(0, DirtyPages.NUMBERS_BYTES));
    cuda.upload(device, host);
    read = PageKernels.byHand(cuda, PageKernels.READ, device, numbers, DirtyPages.COUNT, words);
    cuda.finish();
  }

  @Override
  public void touch(long value) {
    pages.touch(host, value);
  }

  @Override
  public void use() {
    for (int i = 0; i < DirtyPages.COUNT; i++) {
      cuda.upload(targets[i], sources[i], PageKernels.PAGE_BYTES);
    }
    read.launch(PageKernels.blocks(DirtyPages.COUNT), 1, PageKernels.THREADS, 1);
    cuda.finish();
  }

  @Override
  public void checkWords(long value) {
    cuda.downloadNow(words, small);
    DirtyPages.check(small, value);
  }

  @Override
  public void close() {
    cuda.close();
  }
}
