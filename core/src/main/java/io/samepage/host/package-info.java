/**
 * Host memory: address space carved into ranges out of few large reservations, without touching it. It knows nothing of devices or
 * coherence and depends on the exceptions of {@link io.samepage} alone. {@link io.samepage.host.HostNative} is the one class here that
 * calls the linker.
 *
 * <p>On Linux the frames are a memfd, so that they can be mapped a second time: what is mapped now is the manager view, through which
 * leases and copies go.
 */
package io.samepage.host;
