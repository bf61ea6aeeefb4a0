/**
 * How something is run again and again and counted, alone or in turn with another one in the same JVM, and warmed up before. It knows
 * nothing of what that is.
 */
package io.samepage.benchmarks.turn;
