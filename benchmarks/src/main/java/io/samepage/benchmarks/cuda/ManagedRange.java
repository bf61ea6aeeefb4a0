package io.samepage.benchmarks.cuda;

/**
 * In managed memory. The hints of who knows it well: the range is mostly read, so that the device keeps a copy of what the host doesn't
 * write, and a prefetch of all of it brings what is missing.
 */
final class ManagedRange implements ScatteredRange {
  private final RawCuda cuda = new RawCuda();
  private final boolean isHinted;
  private final DirtyPages pages;
  private final ManagedMemory range;
  private final ManagedMemory words;
  private final CudaFunction read;

  ManagedRange(long sizeBytes, boolean isHinted) {
    this.isHinted = isHinted;
    pages = new DirtyPages(sizeBytes);
    ManagedMemory all =
        ManagedMemory.allocate(cuda, sizeBytes + DirtyPages.NUMBERS_BYTES + DirtyPages.WORDS_BYTES, isHinted);
    range = all.slice(0, sizeBytes);
    words = all.slice(sizeBytes, DirtyPages.WORDS_BYTES);
    ManagedMemory numbers = all.slice(sizeBytes + DirtyPages.WORDS_BYTES, DirtyPages.NUMBERS_BYTES);
    range.segment().fill((byte) 1);
    pages.putNumbers(numbers.segment());
    if (isHinted) {
      range.adviseReadMostly();
      words.advisePreferDevice();
    }
    read = PageKernels.byHand(cuda, PageKernels.READ, range.address(), numbers.address(), DirtyPages.COUNT, words.address());
  }

  @Override
  public void touch(long value) {
    pages.touch(range.segment(), value);
  }

  @Override
  public void use() {
    if (isHinted) {
      range.prefetchToDevice();
    }
    read.launch(PageKernels.blocks(DirtyPages.COUNT), 1, PageKernels.THREADS, 1);
    cuda.finish();
  }

  @Override
  public void checkWords(long value) {
    DirtyPages.check(words.segment(), value);
  }

  @Override
  public void close() {
    cuda.close();
  }
}
