/**
 * Kernels: how the arguments of a launch are checked, launches watched for what they declare, and split over devices. It owns the way from
 * the user's call until the launch is in its queue; what is in flight from then on belongs to {@link io.samepage.coherence.state}. It
 * depends on placement, transfers and host sides, and may not depend on leases of users.
 */
package io.samepage.coherence.launch;
