/**
 * The matrix pipeline as Samepage's sample does it, and as its peers would: with LWJGL and JOCL by hand, with Aparapi, with StarPU. What
 * the host computes is the same code for all; they differ in what brings the bytes to where they are used. It uses {@code base} and
 * {@code turn}, and StarPU from {@code starpu}, and knows nothing of goals, ratios or tables.
 */
package io.samepage.benchmarks.pipeline;
