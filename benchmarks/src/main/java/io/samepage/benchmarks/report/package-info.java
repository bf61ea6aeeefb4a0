/** Shows results: as a table for people, as JSON for programs, and both as files. It measures and decides nothing. */
package io.samepage.benchmarks.report;
