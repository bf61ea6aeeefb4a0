/**
 * The state of a memory: its ranges with their directories, claims and windows, its devices with their books, and the launches in flight,
 * which refer to each other; and the locks that guard it. It owns what is so and how it may change, and moves nothing by itself, but for
 * what a launch still needs once its kernel is in a queue. What users ask of a range or device it sends on through
 * {@link io.samepage.coherence.state.MemoryContext}, and it may depend on none of the rooms that carry it out.
 *
 * <p><b>The short way of a lease.</b> {@link io.samepage.coherence.state.RangeClaims} keeps what threads have read of a range and found
 * there ({@link io.samepage.coherence.state.ResidentRead}); doing it again takes no lock. Whoever asks for claims, or takes valid copies
 * away that no conflicting claim protects, revokes it first, under the lock of the range.
 *
 * <p><b>Locks</b>, in the order they may be taken ({@link io.samepage.coherence.sync.OrderedLock} checks it under {@code -ea}). No driver
 * is called under a lock of a range or of the books.
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
 * <tr><td>a monitor</td><td>memory</td><td>which reads are offered ({@code OpenLeases}); nothing is taken behind
 * it</td></tr>
 * <tr><td>BOOKS</td><td>device</td><td>bytes charged, and the windows in the order of their last use</td></tr>
 * </table>
 */
package io.samepage.coherence.state;
