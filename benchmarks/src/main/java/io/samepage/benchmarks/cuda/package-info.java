/**
 * What is measured on CUDA: Samepage against hand-written JCuda with the fewest copies, and against managed memory with and without
 * prefetches and advice. Here are the baselines, their comparisons and the rules for managed memory; what is the same on every back end,
 * Samepage's side and the order of the pipeline's steps, is in {@link io.samepage.benchmarks.transfer},
 * {@link io.samepage.benchmarks.work} and {@link io.samepage.benchmarks.pipeline}. It knows nothing of tables, and {@code RawCuda},
 * {@code CudaFunction} and {@code ManagedMemory} alone call the driver.
 */
package io.samepage.benchmarks.cuda;
