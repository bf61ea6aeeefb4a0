package io.samepage.benchmarks.pipeline;

import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.HostSteps;
import io.samepage.samples.pipeline.PipelineCheck;
import io.samepage.samples.pipeline.PipelineInput;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The matrix pipeline by hand. What the host does with the bytes is done by the sample's own code. */
public final class HandPipeline implements PipelineRun {
  private final PipelineShape shape;
  private final PipelineInput input;
  private final PipelineCalls calls;
  private final List<Diagonal> diagonals = new ArrayList<>();
  private final Map<String, StageCost> stages = new LinkedHashMap<>();

  /**
   * Makes a pipeline.
   *
   * @param shape its sizes
   * @param calls who brings bytes and computes; closed with the pipeline
   */
  public HandPipeline(PipelineShape shape, PipelineCalls calls) {
    this.shape = shape;
    this.calls = calls;
    input = new PipelineInput(shape);
  }

  @Override
  public long run() {
    stages.clear();
    measure("fill", this::fill);
    for (int round = 0; round < shape.rounds(); round++) {
      if (round > 0) {
        int changed = round;
        measure("change row", () -> changeRow(changed));
      }
      measure("multiply, scale", this::multiplyAndScale);
      measure("gram, diagonal", this::gramAndDiagonal);
    }
    return stages.values().stream().mapToLong(StageCost::nanos).sum();
  }

  /** As the sample's meter does it. */
  private void measure(String name, Runnable stage) {
    long movedBytes = calls.movedBytes();
    long start = System.nanoTime();
    stage.run();
    stages.merge(name, new StageCost(name, System.nanoTime() - start, calls.movedBytes() - movedBytes), StageCost::plus);
  }

  private void fill() {
    fill(Matrix.A, shape.inner(), (row, into) -> input.rowOfA(row, 0, into));
    fill(Matrix.B, shape.columns(), input::rowOfB);
  }

  private void fill(Matrix matrix, int columns, HostSteps.RowSource source) {
    calls.beforeWrite(matrix, true);
    HostSteps.fillRows(calls.host(matrix), columns, 0, source);
    calls.write(matrix, 0, matrix.sizeBytes(shape));
  }

  private void changeRow(int round) {
    int changed = input.changedRow(round);
    long rowBytes = (long) Float.BYTES * shape.inner();
    calls.beforeWrite(Matrix.A, false);
    MemorySegment row = calls.host(Matrix.A).asSlice(changed * rowBytes, rowBytes);
    HostSteps.fillRows(row, shape.inner(), changed, (number, into) -> input.rowOfA(number, round, into));
    calls.write(Matrix.A, changed * rowBytes, rowBytes);
  }

  private void multiplyAndScale() {
    calls.multiply();
    calls.read(Matrix.C);
    HostSteps.scaleRows(calls.host(Matrix.C), shape.columns());
    calls.write(Matrix.C, 0, shape.cBytes());
  }

  private void gramAndDiagonal() {
    calls.gram();
    diagonals.add(calls.readDiagonal());
  }

  @Override
  public List<StageCost> stages() {
    return List.copyOf(stages.values());
  }

  @Override
  public long kernelNanos() {
    return calls.kernelNanos();
  }

  @Override
  public long movedBytes() {
    return calls.movedBytes();
  }

  @Override
  public Verdict verify() {
    // C is as the host has left it.
    calls.read(Matrix.D);
    MemorySegment d = calls.host(Matrix.D);
    long rowBytes = (long) Float.BYTES * shape.rows();
    return new PipelineCheck(shape, input).verdict(calls.host(Matrix.C),
        row -> d.asSlice(row * rowBytes, rowBytes).toArray(ValueLayout.JAVA_FLOAT), diagonals);
  }

  @Override
  public void close() {
    calls.close();
  }
}
