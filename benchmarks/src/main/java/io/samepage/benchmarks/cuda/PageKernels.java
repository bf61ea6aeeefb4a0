package io.samepage.benchmarks.cuda;

import io.samepage.KernelSource;

/** The kernels that read and write a word of each of some pages. */
final class PageKernels {
  static final int PAGE_BYTES = 4096;
  static final String READ = "read_pages";
  static final String WRITE = "write_pages";
  static final int VALUE_ARGUMENT = 3;
  static final int THREADS = 256;
  private static final String PTX = "pages.ptx";

  private PageKernels() {}

  static KernelSource source() {
    return KernelSource.builder().ptxResource(PageKernels.class, PTX).build();
  }

  /** One of them by hand, over an array of numbers of pages. */
  static CudaFunction byHand(RawCuda cuda, String name, long memory, long pages, int count, long last) {
    return new CudaFunction(cuda, cuda.load(PageKernels.class, PTX), name, memory, pages, count, last);
  }

  /** A thread for each page, in whole blocks. */
  static int blocks(int count) {
    return Math.ceilDiv(count, THREADS);
  }
}
