/**
 * The sparse network as Samepage's sample does it, and by hand with LWJGL. What the host computes is the same code for both. It uses
 * {@code base} and {@code turn}, and knows nothing of goals, ratios or tables.
 */
package io.samepage.benchmarks.network;
