package io.samepage.benchmarks.cuda;

import io.samepage.samples.accounting.Verdict;

/** The pipeline as somebody does it on CUDA. Matrices and kernels are there, and are used again by each run. */
interface CudaRun extends AutoCloseable {
  /** Runs all rounds; answers how many nanoseconds they took outside of kernels. */
  long run();

  /** Compares the last run's results, and the diagonals of all runs, with references in double precision. */
  Verdict verify();

  @Override
  void close();
}
