/**
 * Leases: which declared accesses may be open at a time, and who waits for whom. It owns the rules and the table of each range; it
 * knows nothing of copying, devices or locks, and depends on {@link io.samepage.Access} and the runs of
 * {@link io.samepage.coherence.directory} alone.
 *
 * <p>Not safe for use by several threads at once: the lock of the range guards its table.
 */
package io.samepage.coherence.lease;
