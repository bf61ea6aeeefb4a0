/**
 * Bytes that go from one side to the other as a whole, or in pages here and there, against the raw driver's copies. It knows nothing of
 * goals, ratios or tables.
 */
package io.samepage.benchmarks.transfer;
