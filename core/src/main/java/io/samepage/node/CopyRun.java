package io.samepage.node;

/**
 * A run of bytes to copy between host memory and a window.
 *
 * @param hostAddress where it lies on the host
 * @param window the device allocation
 * @param windowOffsetBytes where it lies in the window
 * @param sizeBytes how long it is
 */
public record CopyRun(long hostAddress, Window window, long windowOffsetBytes, long sizeBytes) {}
