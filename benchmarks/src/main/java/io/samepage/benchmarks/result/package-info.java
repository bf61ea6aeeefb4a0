/**
 * Figures put side by side: the times of both sides become a ratio with its spread, and the goal is met or not. It knows nothing of
 * how they were measured or will be shown.
 */
package io.samepage.benchmarks.result;
