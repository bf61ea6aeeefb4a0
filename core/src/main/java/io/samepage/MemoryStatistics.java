package io.samepage;

/**
 * What a memory has done since it was opened, all devices together.
 *
 * @param bytesToDevice copied from the host to devices
 * @param bytesToHost copied from devices to the host
 * @param bytesDeviceToDevice copied between devices without passing through the host
 * @param runsToDevice coalesced runs of pages that went to devices
 * @param runsToHost coalesced runs of pages that went to the host
 * @param launches kernels started
 * @param hostLeases host leases opened
 * @param deviceLeases device leases opened; launches not counted
 * @param openRanges ranges open now
 * @param openLeases leases open now, launches in flight included
 */
public record MemoryStatistics(long bytesToDevice, long bytesToHost, long bytesDeviceToDevice, long runsToDevice, long runsToHost,
    long launches, long hostLeases, long deviceLeases, long openRanges, long openLeases) {}
