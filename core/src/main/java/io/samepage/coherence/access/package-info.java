/**
 * What users hold and do without a kernel: host leases, device leases, and what is a lease that is over at once, discards and adoptions. It
 * owns how each begins and ends; who may have what at a time is decided by {@link io.samepage.coherence.state.Leases}. It depends on
 * placement, transfers and host sides, and may not depend on launches of kernels.
 *
 * <p>An adoption makes memory of the program's own a window. A device lease that is left to a fence
 * ({@link io.samepage.coherence.access.CoherentDeviceLease}) belongs to no thread any more; what closes it does nothing else.
 */
package io.samepage.coherence.access;
