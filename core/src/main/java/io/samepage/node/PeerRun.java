package io.samepage.node;

/**
 * A run of bytes to copy from one window to another.
 *
 * @param source the allocation to copy from
 * @param sourceOffsetBytes where it lies there
 * @param target the allocation to copy to
 * @param targetOffsetBytes where it goes
 * @param sizeBytes how long it is
 */
public record PeerRun(Window source, long sourceOffsetBytes, Window target, long targetOffsetBytes, long sizeBytes) {}
