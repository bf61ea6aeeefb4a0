package io.samepage.benchmarks.result;

/**
 * What the rows have in common that were measured by one command.
 *
 * @param measured when it began, as 2026-11-21T17:03Z, or the date alone; rows name their run by it
 * @param machine where
 * @param effort how long and how often was measured
 * @param loadBefore the machine's load average when it began: what else ran
 */
public record Run(String measured, Machine machine, String effort, double loadBefore) {}
