package io.samepage.benchmarks.result;

import java.util.List;

/**
 * All that a run found.
 *
 * @param date when, as 2026-11-21
 * @param rows the figures
 * @param machine where
 * @param effort how long and how often was measured
 * @param loadBefore the machine's load average when it began: what else ran
 */
public record Results(String date, List<Row> rows, Machine machine, String effort, double loadBefore) {}
