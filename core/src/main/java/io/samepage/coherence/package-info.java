/**
 * The coherence manager: what stands behind {@link io.samepage.UnifiedMemory}. It decides what is copied from where to where; it uses
 * {@link io.samepage.host} and {@link io.samepage.node}, and knows no back end. This package owns how a memory is opened, what it consists
 * of and how it is closed, and hands the rest to its rooms: it depends on all of them, and none of them on it.
 *
 * <p><b>The way of a lease or launch.</b> {@link io.samepage.coherence.state.Leases} takes its claims on all ranges at once, or waits.
 * {@link io.samepage.coherence.placement.DeviceMemory} sees to the windows. {@link io.samepage.coherence.transfer.Preparation} asks the
 * directory what is missing and moves it. Then the claim is prepared: the lease is handed out, or the kernel is enqueued. A write is
 * entered in the directory when the lease is closed or the kernel is in a queue: kernel first, withdrawal second, so a failed enqueue has
 * nothing to undo.
 */
package io.samepage.coherence;
