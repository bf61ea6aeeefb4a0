/**
 * Measures a run: seconds and bytes of each stage, time inside kernels, launches of each device, what the host touched. It
 * depends on Samepage's API alone and knows neither what is computed nor how it is shown.
 */
package io.samepage.samples.accounting;
