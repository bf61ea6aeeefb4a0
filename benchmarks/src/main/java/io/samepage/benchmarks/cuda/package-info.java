/**
 * What is measured on CUDA: Samepage against hand-written JCuda with the fewest copies, and against managed memory with and without
 * prefetches and advice. Here are the baselines, their comparisons and the rules for managed memory; what Samepage's side does is in
 * {@link io.samepage.benchmarks.work} where it is the same on every back end. It knows nothing of tables, and {@code RawCuda},
 * {@code CudaFunction} and {@code ManagedMemory} alone call the driver.
 */
package io.samepage.benchmarks.cuda;
