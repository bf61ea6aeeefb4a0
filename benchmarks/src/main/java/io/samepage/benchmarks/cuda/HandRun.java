package io.samepage.benchmarks.cuda;

import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.HostSteps;
import io.samepage.samples.pipeline.PipelineCheck;
import io.samepage.samples.pipeline.PipelineInput;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The pipeline by hand: the order of steps. What the host does with the bytes is done by the sample's own code. */
final class HandRun implements CudaRun {
  private final PipelineShape shape;
  private final PipelineInput input;
  private final CudaSteps steps;
  private final List<Diagonal> diagonals = new ArrayList<>();

  HandRun(PipelineShape shape, CudaSteps steps) {
    this.shape = shape;
    this.steps = steps;
    input = new PipelineInput(shape);
  }

  @Override
  public long run() {
    long kernelNanos = steps.kernelNanos();
    long start = System.nanoTime();
    fill(CudaMatrix.A, shape.inner(), (row, into) -> input.rowOfA(row, 0, into));
    fill(CudaMatrix.B, shape.columns(), input::rowOfB);
    for (int round = 0; round < shape.rounds(); round++) {
      if (round > 0) {
        changeRow(round);
      }
      steps.multiply();
      steps.read(CudaMatrix.C);
      HostSteps.scaleRows(steps.host(CudaMatrix.C), shape.columns());
      steps.written(CudaMatrix.C, 0, shape.cBytes());
      steps.gram();
      diagonals.add(steps.readDiagonal());
    }
    return System.nanoTime() - start - (steps.kernelNanos() - kernelNanos);
  }

  private void fill(CudaMatrix matrix, int columns, HostSteps.RowSource source) {
    HostSteps.fillRows(steps.host(matrix), columns, 0, source);
    steps.written(matrix, 0, matrix.sizeBytes(shape));
  }

  private void changeRow(int round) {
    int changed = input.changedRow(round);
    long rowBytes = (long) Float.BYTES * shape.inner();
    MemorySegment row = steps.host(CudaMatrix.A).asSlice(changed * rowBytes, rowBytes);
    HostSteps.fillRows(row, shape.inner(), changed, (number, into) -> input.rowOfA(number, round, into));
    steps.written(CudaMatrix.A, changed * rowBytes, rowBytes);
  }

  /** The diagonal of elements that lie so far apart. */
  static Diagonal diagonal(MemorySegment elements, int rows, long strideBytes) {
    Diagonal diagonal = Diagonal.EMPTY;
    for (int i = 0; i < rows; i++) {
      diagonal = diagonal.with(elements.get(ValueLayout.JAVA_FLOAT, i * strideBytes));
    }
    return diagonal;
  }

  @Override
  public Verdict verify() {
    // C is as the host has left it.
    steps.read(CudaMatrix.D);
    MemorySegment d = steps.host(CudaMatrix.D);
    long rowBytes = (long) Float.BYTES * shape.rows();
    return new PipelineCheck(shape, input).verdict(steps.host(CudaMatrix.C),
        row -> d.asSlice(row * rowBytes, rowBytes).toArray(ValueLayout.JAVA_FLOAT), diagonals);
  }

  @Override
  public void close() {
    steps.close();
  }
}
