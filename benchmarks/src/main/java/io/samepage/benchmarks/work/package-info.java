/**
 * What the host does with memory: faults, first writes, loops and sweeps, and leases with nothing to move; against the same without us. It
 * knows nothing of goals, ratios or tables.
 */
package io.samepage.benchmarks.work;
