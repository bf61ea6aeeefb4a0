/**
 * Shows a run: as tables for people and as JSON for programs. It knows what was measured, and nothing of how it was computed.
 */
package io.samepage.samples.report;
