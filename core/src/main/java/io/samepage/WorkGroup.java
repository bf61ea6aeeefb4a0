package io.samepage;

/**
 * A group of work items of a launch, as half-open spans of item numbers. Clipped to the size that the launch asked for, so a
 * Java body needs no guard.
 *
 * @param startX the first item in the first dimension
 * @param endX behind the last item in the first dimension
 * @param startY the first item in the second dimension
 * @param endY behind the last item in the second dimension
 * @param startZ the first item in the third dimension
 * @param endZ behind the last item in the third dimension
 */
public record WorkGroup(long startX, long endX, long startY, long endY, long startZ, long endZ) {}
