/**
 * What the design set out to reach, row by row, and which measured rows tell whether it is reached. It measures nothing and shows nothing.
 */
package io.samepage.benchmarks.targets;
