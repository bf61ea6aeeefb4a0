/**
 * Waiting and locking: deadlines, fences and what completes their futures, and locks that know their order. It owns no state of a
 * memory; it knows neither ranges nor devices, and depends on {@link io.samepage} and the fences of {@link io.samepage.node} alone.
 *
 * <p>Safe for use by several threads.
 */
package io.samepage.coherence.sync;
