/**
 * Launches, by what they take to be submitted and to be over, against the same by hand. It knows nothing of goals, ratios or tables.
 */
package io.samepage.benchmarks.launch;
