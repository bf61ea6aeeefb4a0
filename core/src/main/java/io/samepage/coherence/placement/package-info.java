/**
 * Where device memory goes: which windows a request lacks, what has to leave for them, and in which order. It owns no state, as windows
 * lie with their ranges and what is charged with the device ({@link io.samepage.coherence.state.DeviceBooks}); it brings pages home, but
 * none to a device, and may not depend on transfers, launches, leases of users or the kinds of host sides.
 */
package io.samepage.coherence.placement;
