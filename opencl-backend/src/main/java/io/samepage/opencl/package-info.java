/**
 * The OpenCL back end: every GPU, CPU and accelerator device of every platform as a node with buffers of its own. It depends on the
 * device SPI in {@link io.samepage.node}, on the values of {@link io.samepage} and on LWJGL, never on the coherence manager.
 *
 * <p>{@link io.samepage.opencl.OpenClInterop} is for programs that have OpenCL objects of their own; the rest is found by the service
 * loader, and nobody calls it.
 *
 * <p>LWJGL is called from the {@code Cl*} classes and {@code OpenClLibrary} alone (others use its constants), the linker from
 * {@code SystemNative}. No Java code ever runs on a thread of the driver: events are polled, never given callbacks.
 */
package io.samepage.opencl;
