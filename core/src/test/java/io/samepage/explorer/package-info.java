/**
 * The exhaustive explorer: visits every interleaving of a small world (two pages of two bytes, the host, two devices, up to three
 * threads) over the shipped transitions and lease rules, nearest states first, and tells the shortest way to a violation. It may depend
 * on {@link io.samepage.coherence.directory}, {@link io.samepage.coherence.lease}, {@link io.samepage.Access} and {@link
 * io.samepage.explorer.engine}, on nothing else. The fault table has a model of its own: {@link io.samepage.explorer.faults}.
 *
 * <p><b>What is shipped code here.</b> {@code Transitions}, {@code PageDirectory.plan} with {@code FetchPlan}, {@code Claim}, {@code
 * LeaseTable}, {@code LeaseRules}, {@code Span}: {@link io.samepage.explorer.Rules} calls them on every state.
 *
 * <p><b>What is restated.</b> What the classes of {@code io.samepage.coherence} do around them: each step of {@link
 * io.samepage.explorer.Phase} is what they do under one hold of a range's lock, or what they enqueue at once; {@link
 * io.samepage.explorer.Care} lists what they see to, and where. Who changes that changes it here too. A device runs its queue in order,
 * a command at a time, at any moment; a launch is retired by anybody at any moment after its kernel. Enqueueing a kernel may be refused;
 * copies and kernels may fail, and leave garbage where they were to write. A host lease or device lease is used at any moment while it
 * is open. An eviction comes at any moment, as another thread may need room. A discard drops the host's frames and then enters that.
 * Prefetches, fills and copies are no steps of their own: on a device they are launches, on the host leases. Where a scenario says so,
 * host leases come behind launches: what they copy goes into the device's queue like a launch, their thread waits for all, and may give
 * up before the kernels have ended, which leaves the copy there.
 *
 * <p><b>What must hold</b> ({@link io.samepage.explorer.Invariants}, {@link io.samepage.explorer.Frames}):
 * <ul>
 * <li>the directory's own invariant; and a page is poisoned if its last copy was said to be lost and nobody has written it since, and
 * never else, as no copy goes unsaid;
 * <li>a copy that counts as valid has the newest bytes, but where a claim that writes them is held or they are on their way;
 * <li>what is read through a lease is the newest, and what a kernel reads too, or its fence fails;
 * <li>no two held claims share bytes of which one writes; a prepared claim keeps the pages that it needs;
 * <li>a copy behind launches writes nothing on the host that anybody uses there, or that another copy may write at the same time; and a
 * lease that waits so keeps nobody off who wants nothing of what its launches write;
 * <li>nothing is refused as poisoned before something has failed; no window is freed that somebody uses; commands on different queues
 * don't touch the same bytes unless both read;
 * <li>somebody can go on until all is done. As each step uses something up, every way then ends.
 * </ul>
 *
 * <p><b>What is not modelled.</b> Several ranges at once; making and merging windows, budgets and the lock of placement; timeouts and
 * interrupts of who waits for anything else, and closing; the moment between holding a claim and leaving the queue for it; reads that
 * are repeated without a claim, as whoever asks finds them as claims. A copy moves a page at once: what is asked is asked of each byte
 * apart, and a byte is copied at once. Steps are sequentially consistent.
 */
package io.samepage.explorer;
