package io.samepage.node;

import java.util.concurrent.atomic.LongAdder;

/** What a node has moved. The node adds where it calls its driver. */
public final class TransferCounters {
  private final LongAdder bytesToDevice = new LongAdder();
  private final LongAdder bytesToHost = new LongAdder();
  private final LongAdder bytesFromPeers = new LongAdder();
  private final LongAdder bytesWithin = new LongAdder();
  private final LongAdder runsToDevice = new LongAdder();
  private final LongAdder runsToHost = new LongAdder();
  private final LongAdder launches = new LongAdder();

  /** Makes counters that stand at 0. */
  public TransferCounters() {}

  /**
   * Counts one run copied from the host.
   *
   * @param bytes its size
   */
  public void countUpload(long bytes) {
    countUploads(1, bytes);
  }

  /**
   * Counts runs copied from the host.
   *
   * @param runs how many
   * @param bytes how much they are together
   */
  public void countUploads(int runs, long bytes) {
    bytesToDevice.add(bytes);
    runsToDevice.add(runs);
  }

  /**
   * Counts one run copied to the host.
   *
   * @param bytes its size
   */
  public void countDownload(long bytes) {
    countDownloads(1, bytes);
  }

  /**
   * Counts runs copied to the host.
   *
   * @param runs how many
   * @param bytes how much they are together
   */
  public void countDownloads(int runs, long bytes) {
    bytesToHost.add(bytes);
    runsToHost.add(runs);
  }

  /**
   * Counts one run copied from a window of another node.
   *
   * @param bytes its size
   */
  public void countFromPeer(long bytes) {
    bytesFromPeers.add(bytes);
  }

  /**
   * Counts one run copied between windows of the node itself.
   *
   * @param bytes its size
   */
  public void countWithin(long bytes) {
    bytesWithin.add(bytes);
  }

  /** Counts one launch. */
  public void countLaunch() {
    launches.increment();
  }

  /** {@return bytes copied from the host} */
  public long bytesToDevice() {
    return bytesToDevice.sum();
  }

  /** {@return bytes copied to the host} */
  public long bytesToHost() {
    return bytesToHost.sum();
  }

  /** {@return bytes copied from other nodes' windows} */
  public long bytesFromPeers() {
    return bytesFromPeers.sum();
  }

  /** {@return bytes copied between windows of this node} */
  public long bytesWithin() {
    return bytesWithin.sum();
  }

  /** {@return runs copied from the host} */
  public long runsToDevice() {
    return runsToDevice.sum();
  }

  /** {@return runs copied to the host} */
  public long runsToHost() {
    return runsToHost.sum();
  }

  /** {@return kernels started} */
  public long launches() {
    return launches.sum();
  }
}
