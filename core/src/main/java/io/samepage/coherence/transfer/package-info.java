/**
 * What moves: the pages that a request lacks ({@link io.samepage.coherence.transfer.Preparation}), what is put in the queues of a device
 * behind them ({@link io.samepage.coherence.transfer.Submission}), and what users ask for that is nothing but moving: prefetches, fills,
 * copies, and updates of who is said to access pages. It owns the plan of a request on its way; it may not depend on kernels or leases of
 * users.
 *
 * <p><b>Queues.</b> A device has a queue of its own for copies, and compute queues for what works on its memory alone. A command in a
 * compute queue is told what to come behind ({@link io.samepage.coherence.state.Predecessors}); its own queue waits for no other one, so
 * copies go on beside the longest kernel.
 */
package io.samepage.coherence.transfer;
