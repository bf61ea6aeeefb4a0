/**
 * What every device back end is tested by: extend {@link io.samepage.testkit.node.DeviceNodeContract}; where it has two devices,
 * {@link io.samepage.testkit.node.DevicePairContract}; where those copy to each other,
 * {@link io.samepage.testkit.node.PeerCopyContract}. {@link io.samepage.testkit.node.FailingBackend} wraps a back end to make it fail on
 * demand.
 *
 * <p>It depends on the API, the SPI and {@link io.samepage.testkit.TestKernels} alone, never on a back end.
 */
package io.samepage.testkit.node;
