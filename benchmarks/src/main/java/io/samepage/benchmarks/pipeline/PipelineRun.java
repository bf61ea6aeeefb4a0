package io.samepage.benchmarks.pipeline;

import io.samepage.samples.accounting.Verdict;

/** The pipeline as somebody does it. Matrices, kernels and buffers are there, and are used again by each run. */
interface PipelineRun extends AutoCloseable {
  /** Runs all rounds; answers how many nanoseconds they took. */
  long run();

  /** How long kernels ran in all runs, by their device's clock. */
  long kernelNanos();

  /** How many bytes were copied in all runs, to the device and back. */
  long movedBytes();

  /** Compares the last run's results, and the diagonals of all runs, with references in double precision. */
  Verdict verify();

  @Override
  void close();
}
