package io.samepage.cuda;

import io.samepage.node.Window;

/**
 * Pages of the host's own, which the device uses by the host's pointer.
 *
 * @param handle their address
 * @param sizeBytes how long they are
 */
record HostWindow(long handle, long sizeBytes) implements Window {}
