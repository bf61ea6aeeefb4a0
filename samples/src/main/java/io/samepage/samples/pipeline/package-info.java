/**
 * The matrix pipeline: A·B on devices, scaling on the host, C·Cᵀ on devices, the diagonal on the host, in rounds. It owns the
 * computation, its kernels, what it should cost and how it is verified; it knows nothing of command lines.
 */
package io.samepage.samples.pipeline;
