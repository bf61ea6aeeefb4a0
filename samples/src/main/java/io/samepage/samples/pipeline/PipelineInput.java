package io.samepage.samples.pipeline;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The values of A and B, drawn row by row from the seed, so that the verification can draw any row again without reading it
 * from the memory that it verifies.
 */
public final class PipelineInput {
  private static final int A = 1;
  private static final int B = 2;
  private static final int CHANGES = 3;

  private final PipelineShape shape;
  private final Map<Integer, Integer> lastChanges = new HashMap<>();

  /**
   * The input of a pipeline.
   *
   * @param shape its sizes and seed
   */
  public PipelineInput(PipelineShape shape) {
    this.shape = shape;
    for (int round = 1; round < shape.rounds(); round++) {
      lastChanges.put(changedRow(round), round);
    }
  }

  /**
   * The row of A that changes before a round.
   *
   * @param round the round; they count from 0, and nothing changes before the first
   * @return the row
   */
  public int changedRow(int round) {
    return stream(CHANGES, round, 0).nextInt(shape.rows());
  }

  /** The rows of A that some round changes. */
  Set<Integer> changedRows() {
    return lastChanges.keySet();
  }

  /**
   * A row of A as it is after its change before a round.
   *
   * @param row the row
   * @param round the round; 0 gives what the row is at first
   * @param into where its values go
   */
  public void rowOfA(int row, int round, float[] into) {
    draw(stream(A, row, round), into);
  }

  /** A row of A as it is in the last round. */
  void lastRowOfA(int row, float[] into) {
    rowOfA(row, lastChanges.getOrDefault(row, 0), into);
  }

  /**
   * A row of B.
   *
   * @param row the row
   * @param into where its values go
   */
  public void rowOfB(int row, float[] into) {
    draw(stream(B, row, 0), into);
  }

  /** Odd multiples of 2^-23 between -1 and 1: none is zero, so no norm is. */
  private static void draw(SplittableRandom random, float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = ((random.nextInt() >> 8) | 1) * 0x1p-23f;
    }
  }

  private SplittableRandom stream(int what, int row, int round) {
    long mixed = shape.seed();
    for (int part : new int[] {what, row, round}) {
      mixed = new SplittableRandom(mixed ^ part).nextLong();
    }
    return new SplittableRandom(mixed);
  }
}
