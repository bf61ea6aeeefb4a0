/**
 * The embedded device: a second memory in the same process, with in-order queues and kernels written in Java. It serves where
 * there is no driver, and the deterministic tests. It keeps a copy of its own of every page, for a device that aliases host
 * memory hides staleness.
 *
 * <p>It depends on {@link io.samepage} and {@link io.samepage.node} alone; nothing depends on it, for it is found as a
 * {@link io.samepage.node.DeviceBackend}.
 */
package io.samepage.embedded;
