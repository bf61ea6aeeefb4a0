package io.samepage.samples.pipeline;

import io.samepage.Device;
import io.samepage.samples.accounting.LaunchMeter;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Traffic;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * The pipeline on all devices of a memory: each computes a block of rows of C and D. Making one warms the kernels up and
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
  private final List<Part> parts;
  private final List<Diagonal> diagonals = new ArrayList<>();
  private final LaunchMeter launches = new LaunchMeter();

  /** A device's kernels and the rows it computes. */
  private record Part(PipelineKernels kernels, RowBlock rows) {}

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
    parts = parts(space.memory().devices());
    a = UnifiedMatrix.allocate(space, shape.rows(), shape.inner());
    b = UnifiedMatrix.allocate(space, shape.inner(), shape.columns());
    c = UnifiedMatrix.allocate(space, shape.rows(), shape.columns());
    d = UnifiedMatrix.allocate(space, shape.rows(), shape.rows());
  }

  private List<Part> parts(List<Device> devices) {
    List<RowBlock> blocks = RowBlock.split(shape, devices.size(), space.pageSizeBytes());
    List<Part> result = new ArrayList<>();
    try (HostSpace scratch = HostSpace.open(space.memory(), space.mode())) {
      for (int i = 0; i < blocks.size(); i++) {
        PipelineKernels kernels = new PipelineKernels(devices.get(i));
        kernels.warmUp(scratch);
        result.add(new Part(kernels, blocks.get(i)));
      }
    }
    return List.copyOf(result);
  }

  /**
   * How many stages {@link #run} measures.
   *
   * @param shape what is computed
   * @return the number of stages, repeated ones counted each time
   */
  public static long stageCount(PipelineShape shape) {
    return 5L * shape.rounds();
  }

  /**
   * Runs all rounds.
   *
   * @param stages what measures them
   */
  public void run(StageMeter stages) {
    stages.measure("fill", this::fill);
    for (int round = 0; round < shape.rounds(); round++) {
      if (round > 0) {
        int changed = round;
        stages.measure("change row", () -> changeRow(changed));
      }
      stages.measure("multiply", this::multiply);
      stages.measure("scale", () -> HostSteps.scaleRows(c));
      stages.measure("gram", this::gram);
      stages.measure("diagonal", () -> diagonals.add(HostSteps.diagonal(space, d)));
    }
  }

  private void fill() {
    HostSteps.fill(a, (row, into) -> input.rowOfA(row, 0, into));
    HostSteps.fill(b, input::rowOfB);
  }

  private void changeRow(int round) {
    HostSteps.fillRow(a, input.changedRow(round), (row, into) -> input.rowOfA(row, round, into));
  }

  /** C = A·B: each device takes its rows of A, and all of B. */
  private void multiply() {
    for (Part part : parts) {
      RowBlock rows = part.rows();
      part.kernels().multiply(launches, a.rows(rows), b.all(), c.rows(rows), rows.count(), shape.inner(), shape.columns());
    }
    launches.await();
  }

  /** D = C·Cᵀ: each device takes all of C for its rows of D. */
  private void gram() {
    for (Part part : parts) {
      RowBlock rows = part.rows();
      part.kernels().gram(launches, c.all(), d.rows(rows), rows.first(), rows.count(), shape.columns(), shape.rows());
    }
    launches.await();
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
    return new PipelineTraffic(shape, parts.size(), space.pageSizeBytes(), space.hostUnitBytes());
  }

  /** {@return the seconds that kernels ran, by their devices' clocks} */
  public double kernelSeconds() {
    return launches.kernelSeconds();
  }
}
