/**
 * How long the JVM waits for threads that wait for pages, before it can collect garbage: {@code ./bench safepoints}. A program of its own
 * in JVMs of its own, as the figure comes from the JVM's log and not from JMH. It depends on {@code base} and {@code work} alone.
 */
package io.samepage.benchmarks.safepoints;
