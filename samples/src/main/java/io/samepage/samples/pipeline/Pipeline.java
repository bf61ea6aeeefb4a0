package io.samepage.samples.pipeline;

import io.samepage.PoisonedPageException;
import io.samepage.SplitKernel;
import io.samepage.samples.accounting.LaunchMeter;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Traffic;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * The pipeline on all devices of a memory: each computes some rows of C and D. Making one warms the kernels up and
 * allocates the matrices; then {@link #run} does the work and {@link #verify} checks what it left. For one thread.
 */
public final class Pipeline {
  private final HostSpace space;
  private final PipelineShape shape;
  private final PipelineInput input;
  private final UnifiedMatrix a;
  private final UnifiedMatrix b;
  private final UnifiedMatrix c;
  private final UnifiedMatrix d;
  private final UnifiedDiagonal diagonalOfD;
  private final PipelineKernels kernels;
  /** Which rows of A and C each device takes, found once. */
  private final List<SplitKernel.Part> multiplyParts;
  private final List<Diagonal> diagonals = new ArrayList<>();
  private final LaunchMeter launches = new LaunchMeter();

  /**
   * Warms up and allocates.
   *
   * @param space where to allocate; all devices of its memory compute
   * @param shape what to compute
   */
  public Pipeline(HostSpace space, PipelineShape shape) {
    this.space = space;
    this.shape = shape;
    input = new PipelineInput(shape);
    kernels = new PipelineKernels(space.memory());
    try (HostSpace scratch = HostSpace.open(space.memory(), space.mode())) {
      kernels.warmUp(scratch);
    }
    a = UnifiedMatrix.allocate(space, shape.rows(), shape.inner());
    b = UnifiedMatrix.allocate(space, shape.inner(), shape.columns());
    c = UnifiedMatrix.allocate(space, shape.rows(), shape.columns());
    d = UnifiedMatrix.allocate(space, shape.rows(), shape.rows());
    diagonalOfD = new UnifiedDiagonal(space, d);
    multiplyParts = kernels.multiplyParts(a, b, c);
  }

  /**
   * How many stages {@link #run} measures.
   *
   * @param shape what is computed
   * @return the number of stages, repeated ones counted each time
   */
  public static long stageCount(PipelineShape shape) {
    return 3L * shape.rounds();
  }

  /**
   * Runs all rounds. Nothing waits between a launch and the host's step that needs what it writes: they are one stage.
   *
   * @param stages what measures them
   * @throws io.samepage.KernelFailedException if a kernel fails
   */
  public void run(StageMeter stages) {
    try {
      stages.measure("fill", this::fill);
      for (int round = 0; round < shape.rounds(); round++) {
        if (round > 0) {
          int changed = round;
          stages.measure("change row", () -> changeRow(changed));
        }
        stages.measure("multiply, scale", this::multiplyAndScale);
        stages.measure("gram, diagonal", this::gramAndDiagonal);
      }
    } catch (PoisonedPageException e) {
      // Says which kernel has failed, and why.
      launches.await();
      throw e;
    }
    launches.await();
  }

  /** A is on its way while the host fills B. B goes with the launch that needs it. */
  private void fill() {
    HostSteps.fill(a, (row, into) -> input.rowOfA(row, 0, into));
    if (space.copies()) {
      prefetchA();
    }
    HostSteps.fill(b, input::rowOfB);
  }

  /** Sends each device the rows of A that it will multiply, and returns without waiting for it. */
  private void prefetchA() {
    for (SplitKernel.Part part : multiplyParts) {
      a.rows(Math.toIntExact(part.firstItem()), Math.toIntExact(part.itemCount())).slice().prefetchTo(part.device());
    }
  }

  private void changeRow(int round) {
    HostSteps.fillRow(a, input.changedRow(round), (row, into) -> input.rowOfA(row, round, into));
  }

  /** C = A·B: each device takes its rows of A, and all of B. Then the host scales the rows of C. */
  private void multiplyAndScale() {
    kernels.multiply(launches, a, b, c);
    HostSteps.scaleRows(c);
  }

  /** D = C·Cᵀ: each device takes all of C for its rows of D. Then the host looks at the diagonal. */
  private void gramAndDiagonal() {
    kernels.gram(launches, c, d);
    diagonals.add(diagonalOfD.read());
  }

  /**
   * Compares the last round's C and D, and every round's diagonal, with references in double precision. Brings C, and of D
   * what it samples, to the host.
   *
   * @return what was found
   */
  public Verdict verify() {
    return new PipelineCheck(shape, input).verdict(c, d, diagonals);
  }

  /** {@return the least that this run must move} */
  public Traffic least() {
    return space.copies() ? traffic().least() : Traffic.NOTHING;
  }

  /** {@return what a program moves that copies all arguments at every launch} */
  public Traffic naive() {
    return traffic().naive();
  }

  private PipelineTraffic traffic() {
    long unitBytes = space.hostUnitBytes(UnifiedDiagonal.batch(shape.rows()), Float.BYTES);
    return new PipelineTraffic(shape, multiplyParts.size(), kernels.gramParts(c, d).size(), space.pageSizeBytes(), unitBytes);
  }

  /** {@return the seconds that kernels ran, by their devices' clocks} */
  public double kernelSeconds() {
    return launches.kernelSeconds();
  }
}
