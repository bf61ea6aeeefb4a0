/**
 * Where launches that are split over devices are cut. It owns the arithmetic of borders; it knows nothing of devices, ranges or kernels,
 * and depends on nothing of ours. Pure functions, for any thread.
 */
package io.samepage.coherence.split;
