/**
 * What is counted and not timed: the bytes that Samepage keeps about pages, and those that it moves after scattered writes. Each is a
 * benchmark, so that it has a JVM of its own. It uses Samepage's API alone.
 */
package io.samepage.benchmarks.footprint;
