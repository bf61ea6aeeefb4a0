package io.samepage.benchmarks.picture;

import java.util.List;

/**
 * Bars of a picture that belong together.
 *
 * @param name what they are
 * @param labels what each is of
 * @param values how long each is; of those that there are not 0
 */
record Bars(String name, List<String> labels, List<Double> values) {}
