/**
 * The command-line program: which comparisons there are, and how JMH is told to measure them. What is measured, how figures are
 * put side by side and how they are shown lies in the packages below, which know nothing of this one.
 */
package io.samepage.benchmarks;
