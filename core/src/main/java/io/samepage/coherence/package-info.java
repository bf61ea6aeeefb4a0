/**
 * The coherence manager: what stands behind {@link io.samepage.UnifiedMemory}. It owns ranges, devices, leases and launches, and
 * decides what is copied from where to where; it uses {@link io.samepage.host} and {@link io.samepage.node}, and knows no back end.
 *
 * <p><b>The way of a lease or launch.</b> {@link io.samepage.coherence.Leases} takes its claims on all ranges at once, or waits.
 * {@link io.samepage.coherence.DeviceMemory} sees to the windows. {@link io.samepage.coherence.Preparation} asks the directory what is
 * missing and moves it. Then the claim is prepared: the lease is handed out, or the kernel is enqueued. A write is entered in the
 * directory when the lease is closed or the kernel is in a queue: kernel first, withdrawal second, so a failed enqueue has nothing
 * to undo.
 *
 * <p><b>Memory and work of the program's own.</b> {@link io.samepage.coherence.Adoption} makes its memory a window. A device lease that is
 * left to a fence ({@link io.samepage.coherence.CoherentDeviceLease}) belongs to no thread any more; what closes it does nothing else.
 *
 * <p><b>Queues.</b> A device has a queue of its own for copies, and compute queues for what works on its memory alone
 * ({@link io.samepage.coherence.Submission}). A command in a compute queue is told what to come behind
 * ({@link io.samepage.coherence.Predecessors}); its own queue waits for no other one, so copies go on beside the longest kernel.
 *
 * <p><b>The short way of a lease.</b> {@link io.samepage.coherence.RangeClaims} keeps what threads have read of a range and found there
 * ({@link io.samepage.coherence.ResidentRead}); doing it again takes no lock. Whoever asks for claims, or takes valid copies away that no
 * conflicting claim protects, revokes it first, under the lock of the range.
 *
 * <p><b>Locks</b>, in the order they may be taken ({@link io.samepage.coherence.OrderedLock} checks it under {@code -ea}). No driver is
 * called under a lock of a range or of the books.
 *
 * <table>
 * <caption>Locks</caption>
 * <tr><th>rank</th><th>one for each</th><th>guards</th></tr>
 * <tr><td>the monitor</td><td>memory</td><td>that ranges come and go one at a time, and not while the memory is being closed</td></tr>
 * <tr><td>life, a read-write lock</td><td>device</td><td>that its node is not closed while it compiles or enqueues what no claim
 * protects</td></tr>
 * <tr><td>PLACEMENT</td><td>device</td><td>making, merging and evicting its windows. Its holder waits for nothing but drivers and launches
 * that are in their queue. A launch that is split takes those of all its devices, in the order of their numbers</td></tr>
 * <tr><td>RETIREMENT</td><td>device</td><td>completing its launches, each behind those that it follows</td></tr>
 * <tr><td>WITHDRAWAL</td><td>device</td><td>that the host's copies go and the directory learns of it in one step, between the withdrawals
 * and losses of other launches. Its holder waits for nothing but drivers, and for touches too if a launch has just failed</td></tr>
 * <tr><td>SUBMISSION</td><td>device</td><td>that a batch of commands and its fence are neighbours in their queue</td></tr>
 * <tr><td>RANGE</td><td>range</td><td>directory, claims and windows of the range; several in the order of their numbers</td></tr>
 * <tr><td>a monitor</td><td>memory</td><td>which reads are offered ({@link io.samepage.coherence.OpenLeases}); nothing is taken behind
 * it</td></tr>
 * <tr><td>BOOKS</td><td>device</td><td>bytes charged, and the windows in the order of their last use</td></tr>
 * </table>
 */
package io.samepage.coherence;
