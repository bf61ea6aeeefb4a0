package io.samepage.benchmarks.work;

import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.HostSteps;
import io.samepage.samples.pipeline.Pipeline;
import io.samepage.samples.pipeline.PipelineCheck;
import io.samepage.samples.pipeline.PipelineInput;
import io.samepage.samples.pipeline.PipelineShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The matrix pipeline by hand, with the fewest copies: buffers and host memory that are kept, arguments that are set once, and of each
 * matrix only what has changed, or will be looked at. Nothing waits but for C, which the host scales, and for the diagonal. What the host
 * does with the bytes is done by the sample's own code.
 */
final class RawPipeline implements AutoCloseable {
  private static final int TILE = 16;

  private final PipelineShape shape;
  private final PipelineInput input;
  private final RawQueue queue;
  private final MemorySegment hostA;
  private final MemorySegment hostB;
  private final MemorySegment hostC;
  private final MemorySegment hostDiagonal;
  private final long a;
  private final long b;
  private final long c;
  private final long d;
  private final RawKernel multiply;
  private final RawKernel gram;
  private final List<Diagonal> diagonals = new ArrayList<>();
  private long kernelNanos;

  RawPipeline(PipelineShape shape) {
    this.shape = shape;
    input = new PipelineInput(shape);
    queue = new RawQueue(shape.totalBytes(), true);
    hostA = queue.host().asSlice(0, shape.aBytes());
    hostB = queue.host().asSlice(shape.aBytes(), shape.bBytes());
    hostC = queue.host().asSlice(shape.aBytes() + shape.bBytes(), shape.cBytes());
    hostDiagonal = queue.host().asSlice(shape.totalBytes() - shape.dBytes(), (long) Float.BYTES * shape.rows());
    a = queue.createBuffer(shape.aBytes());
    b = queue.createBuffer(shape.bBytes());
    c = queue.createBuffer(shape.cBytes());
    d = queue.createBuffer(shape.dBytes());
    multiply = new RawKernel(queue, source(), "multiply");
    gram = new RawKernel(queue, source(), "gram");
    setArguments();
  }

  static String source() {
    try (InputStream text = Pipeline.class.getResourceAsStream("pipeline.cl")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void setArguments() {
    multiply.setBuffer(0, a);
    multiply.setBuffer(1, b);
    multiply.setBuffer(2, c);
    multiply.setValue(3, shape.rows());
    multiply.setValue(4, shape.inner());
    multiply.setValue(5, shape.columns());
    gram.setBuffer(0, c);
    gram.setBuffer(1, d);
    gram.setValue(2, 0);
    gram.setValue(3, shape.rows());
    gram.setValue(4, shape.columns());
    gram.setValue(5, shape.rows());
  }

  /** Runs all rounds. */
  void run() {
    HostSteps.fillRows(hostA, shape.inner(), 0, (row, into) -> input.rowOfA(row, 0, into));
    HostSteps.fillRows(hostB, shape.columns(), 0, input::rowOfB);
    queue.write(a, 0, hostA, false);
    queue.write(b, 0, hostB, false);
    for (int round = 0; round < shape.rounds(); round++) {
      if (round > 0) {
        changeRow(round);
      }
      long multiplied = multiply.enqueueTiles(shape.columns(), shape.rows(), TILE);
      queue.read(c, hostC);
      HostSteps.scaleRows(hostC, shape.columns());
      queue.write(c, 0, hostC, false);
      long squared = gram.enqueueTiles(shape.rows(), shape.rows(), TILE);
      queue.readDiagonal(d, shape.rows(), hostDiagonal);
      diagonals.add(diagonal());
      kernelNanos += RawKernel.releaseNanos(multiplied) + RawKernel.releaseNanos(squared);
    }
  }

  private void changeRow(int round) {
    int changed = input.changedRow(round);
    long rowBytes = (long) Float.BYTES * shape.inner();
    MemorySegment row = hostA.asSlice(changed * rowBytes, rowBytes);
    HostSteps.fillRows(row, shape.inner(), changed, (number, into) -> input.rowOfA(number, round, into));
    queue.write(a, changed * rowBytes, row, false);
  }

  private Diagonal diagonal() {
    Diagonal diagonal = Diagonal.EMPTY;
    for (int i = 0; i < shape.rows(); i++) {
      diagonal = diagonal.with(hostDiagonal.getAtIndex(ValueLayout.JAVA_FLOAT, i));
    }
    return diagonal;
  }

  /** How long kernels ran, by their device's clock. */
  long kernelNanos() {
    return kernelNanos;
  }

  /** Compares the last run's C and D, and all diagonals, with references in double precision. */
  Verdict verify() {
    MemorySegment hostD = queue.host().asSlice(shape.totalBytes() - shape.dBytes());
    queue.read(d, hostD);
    long rowBytes = (long) Float.BYTES * shape.rows();
    return new PipelineCheck(shape, input)
        .verdict(hostC, row -> hostD.asSlice(row * rowBytes, rowBytes).toArray(ValueLayout.JAVA_FLOAT), diagonals);
  }

  @Override
  public void close() {
    multiply.close();
    gram.close();
    queue.close();
  }
}
