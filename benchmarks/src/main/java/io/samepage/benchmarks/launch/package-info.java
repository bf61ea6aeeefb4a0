/** Launches, by what they take to be submitted and to be over, against the same by hand. */
package io.samepage.benchmarks.launch;
