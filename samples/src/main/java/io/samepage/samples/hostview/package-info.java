/**
 * How a run's host steps get at its memory: under leases, or by touching plain segments where that is to be had. It depends on
 * Samepage's API alone and knows nothing of what is computed.
 */
package io.samepage.samples.hostview;
