package io.samepage.benchmarks.result;

import java.util.Optional;

/**
 * What one side took in one round.
 *
 * @param nanos the time of an operation: the middle one of the round, or the mean where the benchmark takes the time itself
 * @param allocatedBytes what an operation allocates on the Java heap; empty where what prepares each operation would count too
 */
public record Score(double nanos, Optional<Double> allocatedBytes) {}
