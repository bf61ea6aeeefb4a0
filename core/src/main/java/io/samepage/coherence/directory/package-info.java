/**
 * The page directory: which nodes hold a valid copy of each page of a range, and the transitions between such states. It owns bitmaps
 * and pure functions over them; it knows nothing of threads, leases, devices or copying, and depends on nothing of ours.
 *
 * <p>Not safe for use by several threads at once: the lock of the range guards its directory.
 */
package io.samepage.coherence.directory;
