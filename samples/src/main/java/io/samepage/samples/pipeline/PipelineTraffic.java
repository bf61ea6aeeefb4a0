package io.samepage.samples.pipeline;

import io.samepage.samples.accounting.Traffic;

/**
 * What the pipeline must move at least, and what a program moves that copies all arguments at every launch. Both follow from
 * the shapes alone.
 */
final class PipelineTraffic {
  private final PipelineShape shape;
  private final int devices;
  private final long pageSizeBytes;

  PipelineTraffic(PipelineShape shape, int devices, long pageSizeBytes) {
    this.shape = shape;
    this.devices = devices;
    this.pageSizeBytes = pageSizeBytes;
  }

  /**
   * The least, in whole pages. To devices: A once, a row of it anew in each round but the first, B once to each device, and C
   * in each round, scaled, to each device. To the host, in each round: C, and the pages of D that hold a diagonal element.
   */
  Traffic least() {
    long rounds = shape.rounds();
    long rowOfA = pages((long) Float.BYTES * shape.inner());
    long toDevice = pages(shape.aBytes()) + devices * (pages(shape.bBytes()) + rounds * pages(shape.cBytes())) + (rounds - 1) * rowOfA;
    return new Traffic(toDevice, rounds * (pages(shape.cBytes()) + diagonalPages()));
  }

  /**
   * Every launch brings its memory arguments to its device and what it wrote back. Over all devices a product takes A, B for
   * each, and C; the other takes C for each, and D.
   */
  Traffic naive() {
    Traffic multiply = new Traffic(shape.aBytes() + devices * shape.bBytes() + shape.cBytes(), shape.cBytes());
    Traffic gram = new Traffic(devices * shape.cBytes() + shape.dBytes(), shape.dBytes());
    return multiply.plus(gram).times(shape.rounds());
  }

  private long diagonalPages() {
    long stride = (long) Float.BYTES * (shape.rows() + 1L);
    if (stride >= pageSizeBytes) {
      return shape.rows() * pageSizeBytes;
    }
    // Elements lie closer together than pages, so no page up to the last one is left out.
    return pages(shape.dBytes());
  }

  private long pages(long bytes) {
    return Math.ceilDiv(bytes, pageSizeBytes) * pageSizeBytes;
  }
}
