/**
 * StarPU, where it is installed: a small library in C over it, compiled when it is needed, and what leases cost there. It knows the
 * sample's kernels only by their arguments, and nothing of goals, ratios or tables.
 */
package io.samepage.benchmarks.starpu;
