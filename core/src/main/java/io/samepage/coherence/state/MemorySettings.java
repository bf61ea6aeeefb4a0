package io.samepage.coherence.state;

import java.time.Duration;

/**
 * What was said of a memory when it was opened.
 *
 * @param leaseTimeout how long to wait where nothing else was said
 * @param checksLaunches whether launches are checked
 * @param isHostRelaxed whether the host doesn't wait for kernels that write its own pages
 */
public record MemorySettings(Duration leaseTimeout, boolean checksLaunches, boolean isHostRelaxed) {}
