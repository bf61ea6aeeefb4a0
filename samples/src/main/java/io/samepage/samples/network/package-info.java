/**
 * The sparse network of the Graph Challenge: devices multiply by sparse weights, the host adds the bias, clamps, and drops rows
 * that have died. It owns the computation, its files, its kernel and what it should cost; it knows nothing of command lines.
 */
package io.samepage.samples.network;
