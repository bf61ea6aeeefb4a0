package io.samepage.benchmarks.picture;

import java.util.List;

/**
 * Points of a picture that belong together.
 *
 * @param name what they are
 * @param x where they lie
 * @param y how high
 */
record Curve(String name, List<Double> x, List<Double> y) {}
