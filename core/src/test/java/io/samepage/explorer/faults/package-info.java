/**
 * The fault table, explored: one fault-around unit of one or two pages, one handler, two Java threads that load, store, launch, evict,
 * discard and close, one or two devices, and what the system does, in every interleaving. It may depend on {@link
 * io.samepage.explorer.engine} alone.
 *
 * <p><b>What is restated.</b> All of it, as the native library is in C: each step of {@link io.samepage.explorer.faults.Phase} is what
 * {@code libsamepage} does to what others see between two points that {@code SP_STEP} marks, or what the classes of {@code
 * io.samepage.coherence} do under one hold of a lock. {@link io.samepage.explorer.faults.Rule} lists the rules, and where they are kept.
 * Who changes that changes it here too; {@code replay_test.c} runs traces of this model against the library, and finds where the two
 * differ.
 *
 * <p><b>The system.</b> An entry of the user view is none, a marker, clean or written. A store to a present page makes it written.
 * Mapping write-protected makes it clean, whatever it was; mapping unprotected makes it written; a page that is present stays as it is.
 * Unmapping leaves a marker of a clean entry, nothing of a written one. A scan reports and re-arms what is written or nothing. System
 * calls over several pages are atomic for each page alone. Reclaim may drop an entry; a signal may interrupt a fault, which then comes
 * again; events are read in the order in which they came, and one whose thread was woken before is gone.
 *
 * <p>A frame that is dropped takes the entry with it if the page is present, else it stays as it is.
 *
 * <p><b>Discards.</b> That contents are given up is a write of zeros; launches zero such pages on the device as long as nobody has
 * written them. Who touches a page that another thread is discarding may see anything that the host's frame had: the API calls that a
 * data race. Before it begins, no launch uses the pages. They are not replayed.
 *
 * <p><b>Devices.</b> One queue for commands, in order; reads for faults go into a queue of their own and are carried out at any moment
 * once the events that they were told to wait for are complete. Claims of a launch are held until its kernel has run, as retiring it
 * earlier or later changes nothing for others but that they wait.
 *
 * <p><b>Devices in the host's pages.</b> Their kernels read and write the frames; for the directory they are the host. Nothing is scanned
 * or uploaded for them. What a kernel writes is withdrawn like for any device, and who touches it waits for the kernel, and copies nothing.
 *
 * <p><b>What must hold</b> ({@link io.samepage.explorer.faults.FaultInvariants}): no load and no kernel reads a value older than one
 * that happens before it, or later than itself; no write is lost; all valid copies agree; nothing freed is used; what is mapped has a
 * valid frame; what was discarded and is zero still never counts as written, but where the system may have dropped entries; and from
 * every state a state at rest can be reached.
 *
 * <p><b>What is not modelled.</b> Several units or blocks; failures and poison, of discards too; touches that give up; evictions from
 * devices in the host's pages, which free nothing; leases; copies between devices that don't go by way of the host; read-ahead and
 * growth, which claim like bringing home; more handlers than one. Steps are sequentially consistent. Scans take no lock here, though
 * Java's do: the library doesn't ask for it.
 */
package io.samepage.explorer.faults;
