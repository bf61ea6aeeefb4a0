package io.samepage.samples.pipeline;

import io.samepage.Access;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Verifies C and D against double precision: every element where the products are small, else all elements of sampled rows,
 * the changed ones among them. An element's error is its distance from the reference over the product of the norms of the row
 * and the column that it is the product of.
 */
public final class PipelineCheck {
  /** Multiply-adds up to which a product is verified as a whole, and which a sample may take. */
  private static final long BUDGET = 1L << 27;
  private static final int MIN_SAMPLE = 8;
  private static final int CHUNK = 64;

  private final PipelineShape shape;
  private final PipelineInput input;

  /**
   * A check of a pipeline's results.
   *
   * @param shape its sizes
   * @param input what it computed from
   */
  public PipelineCheck(PipelineShape shape, PipelineInput input) {
    this.shape = shape;
    this.input = input;
  }

  /** Brings C, and of D a row at a time. */
  Verdict verdict(UnifiedMatrix c, UnifiedMatrix d, List<Diagonal> diagonals) {
    try (HostView view = c.all().view(Access.READ)) {
      return verdict(view.segment(), row -> rowOf(d, row), diagonals);
    }
  }

  private static float[] rowOf(UnifiedMatrix matrix, int row) {
    try (HostView view = matrix.rows(row, 1).view(Access.READ)) {
      return view.segment().toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /**
   * Compares results with references.
   *
   * @param c the bytes of C after the last round, scaled
   * @param rowOfD gives rows of D after the last round
   * @param diagonals D's diagonal after each round
   * @return what was found
   */
  public Verdict verdict(MemorySegment c, IntFunction<float[]> rowOfD, List<Diagonal> diagonals) {
    int[] rows = rowsToCheck();
    double error = diagonals.stream().mapToDouble(Diagonal::error).max().orElse(Double.NaN);
    ScaledProductReference scaled = new ScaledProductReference(shape, input);
    GramReference gram = new GramReference(shape);
    for (int first = 0; first < rows.length; first += CHUNK) {
      int[] chunk = Arrays.copyOfRange(rows, first, Math.min(first + CHUNK, rows.length));
      error = Math.max(error, scaled.maxError(chunk, c));
      error = Math.max(error, gram.maxError(chunk, c, rowOfD));
    }
    String checked = rows.length == shape.rows() ? "all elements" : rows.length + " of " + shape.rows() + " rows";
    return Verdict.of(checked + " of C and D, and all diagonals", error, tolerance());
  }

  /** Float sums of many terms stray further: by about the root of their number. */
  double tolerance() {
    int terms = Math.max(shape.inner(), shape.columns());
    return 1e-5 * Math.max(1, Math.sqrt(terms / 4096.0));
  }

  /** The rows of C and D to verify, in order. */
  int[] rowsToCheck() {
    long workPerRow = (long) shape.inner() * shape.columns() + (long) shape.columns() * shape.rows();
    int sample = Math.clamp(BUDGET / workPerRow, MIN_SAMPLE, Integer.MAX_VALUE);
    boolean isWhole = workPerRow <= 2 * BUDGET / shape.rows() || sample >= shape.rows();
    return isWhole ? IntStream.range(0, shape.rows()).toArray() : sample(sample);
  }

  private int[] sample(int size) {
    SortedSet<Integer> rows = new TreeSet<>(List.of(0, shape.rows() - 1));
    input.changedRows().stream().limit(size).forEach(rows::add);
    SplittableRandom random = new SplittableRandom(~shape.seed());
    while (rows.size() < size) {
      rows.add(random.nextInt(shape.rows()));
    }
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }
}
