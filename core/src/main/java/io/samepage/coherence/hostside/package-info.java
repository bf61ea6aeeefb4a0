/**
 * How the host uses the pages of a range: the kinds of {@link io.samepage.coherence.state.HostSide}, for pages that leases alone lead to
 * ({@link io.samepage.coherence.hostside.ExplicitHost}) and for those that programs touch
 * ({@link io.samepage.coherence.hostside.WatchedHost}), and the memory's fault handler. It owns what the fault table says of a range, and
 * enters it in the directory; it decides nothing of what is brought to devices, and may not depend on placement, transfers, launches or
 * leases of users.
 */
package io.samepage.coherence.hostside;
