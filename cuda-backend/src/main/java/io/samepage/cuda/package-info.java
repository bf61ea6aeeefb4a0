/**
 * The CUDA back end: every NVIDIA GPU that the driver shows as a node, with memory of its own or the host's. It depends on the device SPI
 * in {@link io.samepage.node}, on the values of {@link io.samepage} and on JCuda's driver API, never on the coherence manager.
 *
 * <p>JCuda is called from the {@code *Calls} classes and {@code DriverLibrary} alone (others hold its handles), the linker from
 * {@code DriverNative} and {@code VirtualMemoryNative}. No Java code ever runs on a thread of the driver: events are polled, never given
 * callbacks. Each use of a device pushes its context on the calling thread and pops it again, so that contexts of the program's own stay
 * as they are.
 */
package io.samepage.cuda;
