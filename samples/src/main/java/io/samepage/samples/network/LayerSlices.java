package io.samepage.samples.network;

import io.samepage.samples.hostview.Region;

/**
 * One layer of {@link StackedLayers} in unified memory.
 *
 * @param starts where its columns begin, counted in the whole stack, and where the last one ends
 * @param sources its entries' source neurons
 * @param weights its entries' weights
 */
record LayerSlices(Region starts, Region sources, Region weights) {}
