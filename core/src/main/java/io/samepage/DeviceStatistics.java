package io.samepage;

/**
 * What one device has done. Bytes are counted where the driver is called to copy.
 *
 * @param bytesToDevice copied from the host to the device
 * @param bytesToHost copied from the device to the host
 * @param bytesDeviceToDevice copied from another device to this one without passing through the host
 * @param bytesWithinDevice copied from one of its allocations to another
 * @param runsToDevice coalesced runs of pages that went to the device
 * @param runsToHost coalesced runs of pages that went to the host
 * @param launches kernels started
 * @param evictedBytes device memory taken from ranges to make room for others
 */
public record DeviceStatistics(long bytesToDevice, long bytesToHost, long bytesDeviceToDevice, long bytesWithinDevice,
    long runsToDevice, long runsToHost, long launches, long evictedBytes) {}
