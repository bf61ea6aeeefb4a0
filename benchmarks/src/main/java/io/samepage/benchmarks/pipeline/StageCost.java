package io.samepage.benchmarks.pipeline;

/**
 * What a stage of a run took, all its rounds together.
 *
 * @param name the stage as the sample names it
 * @param nanos how long it took
 * @param movedBytes what was copied meanwhile, both ways
 */
public record StageCost(String name, long nanos, long movedBytes) {
  StageCost plus(StageCost other) {
    return new StageCost(name, nanos + other.nanos, movedBytes + other.movedBytes);
  }
}
