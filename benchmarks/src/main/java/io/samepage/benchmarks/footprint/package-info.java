/**
 * What is counted and not timed: the bytes that Samepage keeps about pages, those that it moves, and those of each stage of the pipeline.
 * Each is a benchmark, so that it has a JVM of its own. It uses Samepage's API and the samples alone.
 */
package io.samepage.benchmarks.footprint;
