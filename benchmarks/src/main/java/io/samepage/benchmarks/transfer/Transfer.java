package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.turn.CountedRun;

/** Bytes that are moved as a whole by one of those who are compared: timed is how long it takes until they are where they are needed. */
abstract class Transfer implements CountedRun {
  @Override
  public final long run() {
    long start = System.nanoTime();
    move();
    return System.nanoTime() - start;
  }

  abstract void move();
}
