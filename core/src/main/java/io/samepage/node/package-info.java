/**
 * The service-provider interface: what a device back end implements so that its devices become nodes of a unified memory. It
 * depends on the values of {@link io.samepage} alone. Back ends are found by {@link java.util.ServiceLoader} as
 * {@link io.samepage.node.DeviceBackend}.
 *
 * <p>A back end moves bytes and starts kernels when it is told; it decides nothing about coherence. docs/ARCHITECTURE.md has a
 * section on adding one.
 */
package io.samepage.node;
