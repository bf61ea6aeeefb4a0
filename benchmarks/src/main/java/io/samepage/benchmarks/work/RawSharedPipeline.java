package io.samepage.benchmarks.work;

import io.samepage.MemoryKind;
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

/**
 * The matrix pipeline by hand, without copies: buffers of host memory, or shared virtual memory, which host and kernels use where it is;
 * arguments that are set once; and one wait before each look of the host. What the host does with the bytes is done by the sample's own
 * code. As on PoCL, where the device is the host's processor, nothing is mapped.
 */
final class RawSharedPipeline implements AutoCloseable {
  private static final int TILE = 16;

  private final PipelineShape shape;
  private final PipelineInput input;
  private final MemoryKind kind;
  private final RawQueue queue;
  private final List<MemorySegment> svm = new ArrayList<>();
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment c;
  private final MemorySegment d;
  private final RawKernel multiply;
  private final RawKernel gram;
  private final List<Diagonal> diagonals = new ArrayList<>();
  private long hostBytes;
  private long kernelNanos;

  RawSharedPipeline(PipelineShape shape, MemoryKind kind) {
    this.shape = shape;
    this.kind = kind;
    input = new PipelineInput(shape);
    queue = new RawQueue(shape.totalBytes(), true);
    a = matrix(shape.aBytes());
    b = matrix(shape.bBytes());
    c = matrix(shape.cBytes());
    d = matrix(shape.dBytes());
    multiply = new RawKernel(queue, RawPipeline.source(), "multiply");
    gram = new RawKernel(queue, RawPipeline.source(), "gram");
    setArguments();
  }

  private MemorySegment matrix(long sizeBytes) {
    if (kind == MemoryKind.SVM) {
      svm.add(queue.allocateSvm(sizeBytes));
      return svm.getLast();
    }
    hostBytes += sizeBytes;
    return queue.host().asSlice(hostBytes - sizeBytes, sizeBytes);
  }

  private void setArguments() {
    setMatrix(multiply, 0, a);
    setMatrix(multiply, 1, b);
    setMatrix(multiply, 2, c);
    multiply.setValue(3, shape.rows());
    multiply.setValue(4, shape.inner());
    multiply.setValue(5, shape.columns());
    setMatrix(gram, 0, c);
    setMatrix(gram, 1, d);
    gram.setValue(2, 0);
    gram.setValue(3, shape.rows());
    gram.setValue(4, shape.columns());
    gram.setValue(5, shape.rows());
  }

  private void setMatrix(RawKernel kernel, int index, MemorySegment matrix) {
    if (kind == MemoryKind.SVM) {
      kernel.setPointer(index, matrix.address());
    } else {
      kernel.setBuffer(index, queue.createHostBuffer(matrix));
    }
  }

  /** Runs all rounds. */
  void run() {
    HostSteps.fillRows(a, shape.inner(), 0, (row, into) -> input.rowOfA(row, 0, into));
    HostSteps.fillRows(b, shape.columns(), 0, input::rowOfB);
    for (int round = 0; round < shape.rounds(); round++) {
      if (round > 0) {
        changeRow(round);
      }
      long multiplied = multiply.enqueueTiles(shape.columns(), shape.rows(), TILE);
      queue.finish();
      HostSteps.scaleRows(c, shape.columns());
      long squared = gram.enqueueTiles(shape.rows(), shape.rows(), TILE);
      queue.finish();
      diagonals.add(diagonal());
      kernelNanos += RawKernel.releaseNanos(multiplied) + RawKernel.releaseNanos(squared);
    }
  }

  private void changeRow(int round) {
    int changed = input.changedRow(round);
    long rowBytes = (long) Float.BYTES * shape.inner();
    HostSteps.fillRows(a.asSlice(changed * rowBytes, rowBytes), shape.inner(), changed, (row, into) -> input.rowOfA(row, round, into));
  }

  private Diagonal diagonal() {
    Diagonal diagonal = Diagonal.EMPTY;
    for (long i = 0; i < shape.rows(); i++) {
      diagonal = diagonal.with(d.getAtIndex(ValueLayout.JAVA_FLOAT, i * (shape.rows() + 1)));
    }
    return diagonal;
  }

  /** How long kernels ran, by their device's clock. */
  long kernelNanos() {
    return kernelNanos;
  }

  /** Compares the last run's C and D, and all diagonals, with references in double precision. */
  Verdict verify() {
    long rowBytes = (long) Float.BYTES * shape.rows();
    return new PipelineCheck(shape, input)
        .verdict(c, row -> d.asSlice(row * rowBytes, rowBytes).toArray(ValueLayout.JAVA_FLOAT), diagonals);
  }

  @Override
  public void close() {
    multiply.close();
    gram.close();
    svm.forEach(queue::freeSvm);
    queue.close();
  }
}
