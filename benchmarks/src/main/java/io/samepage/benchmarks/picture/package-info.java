/** Draws results: each picture from what is in the results alone. It is the only place that knows of XChart and of AWT. */
package io.samepage.benchmarks.picture;
