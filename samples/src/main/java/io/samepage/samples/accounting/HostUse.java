package io.samepage.samples.accounting;

/**
 * How the host got at the memory, and what that took.
 *
 * @param hostAccess {@code transparent} or {@code explicit}
 * @param hostFaults touches of pages that the host did not have, or that it had not touched yet
 * @param pagesFoundWritten pages that launches found written
 */
public record HostUse(String hostAccess, long hostFaults, long pagesFoundWritten) {}
