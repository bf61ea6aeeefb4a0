/**
 * What JMH runs: each class holds both sides of a comparison, Samepage's and the baseline's, with the same parameters. It knows
 * nothing of goals, ratios or tables.
 */
package io.samepage.benchmarks.work;
