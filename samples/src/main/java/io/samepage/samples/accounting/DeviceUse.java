package io.samepage.samples.accounting;

/**
 * A device and how much it was used.
 *
 * @param backend its back end
 * @param name its name
 * @param launches kernels that it started in the measured part
 */
public record DeviceUse(String backend, String name, long launches) {}
