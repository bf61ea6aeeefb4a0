package io.samepage.samples.pipeline;

import io.samepage.samples.accounting.Traffic;

/**
 * What the pipeline must move at least, and what a program moves that copies all arguments at every launch. Both follow from
 * the shapes alone.
 */
final class PipelineTraffic {
  private final PipelineShape shape;
  private final int multiplyParts;
  private final int gramParts;
  private final long pageSizeBytes;
  private final long hostUnitBytes;

  /**
   * For products on so many devices, and for units of what comes to the host at a time where single elements are read: pages, several of
   * them, or the elements alone.
   */
  PipelineTraffic(PipelineShape shape, int multiplyParts, int gramParts, long pageSizeBytes, long hostUnitBytes) {
    this.shape = shape;
    this.multiplyParts = multiplyParts;
    this.gramParts = gramParts;
    this.pageSizeBytes = pageSizeBytes;
    this.hostUnitBytes = hostUnitBytes;
  }

  /**
   * The least. To devices, in whole pages: A once, a row of it anew in each round but the first, B once to each device, and C in
   * each round, scaled, to each device. To the host, no page outside of a matrix: in each round C, and the units of D that hold a
   * diagonal element.
   */
  Traffic least() {
    long rounds = shape.rounds();
    long rowOfA = pages((long) Float.BYTES * shape.inner());
    long toDevice = pages(shape.aBytes()) + multiplyParts * pages(shape.bBytes()) + gramParts * rounds * pages(shape.cBytes())
        + (rounds - 1) * rowOfA;
    return new Traffic(toDevice, rounds * (pages(shape.cBytes()) + diagonalUnits()));
  }

  /**
   * Every launch brings its memory arguments to its device and what it wrote back. Over all devices a product takes A, B for
   * each, and C; the other takes C for each, and D.
   */
  Traffic naive() {
    Traffic multiply = new Traffic(shape.aBytes() + multiplyParts * shape.bBytes() + shape.cBytes(), shape.cBytes());
    Traffic gram = new Traffic(gramParts * shape.cBytes() + shape.dBytes(), shape.dBytes());
    return multiply.plus(gram).times(shape.rounds());
  }

  private long diagonalUnits() {
    long stride = (long) Float.BYTES * (shape.rows() + 1L);
    long pagesOfD = pages(shape.dBytes());
    if (stride < hostUnitBytes) {
      // Elements lie closer together than units, so no unit up to the last one is left out.
      return pagesOfD;
    }
    long lastUnit = (pagesOfD - 1) % hostUnitBytes + 1;
    return (shape.rows() - 1) * hostUnitBytes + lastUnit;
  }

  private long pages(long bytes) {
    return Math.ceilDiv(bytes, pageSizeBytes) * pageSizeBytes;
  }
}
