package io.samepage.benchmarks.pipeline;

import io.samepage.Access;
import io.samepage.benchmarks.starpu.StarPuNative;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** With StarPU, which keeps whole matrices coherent: the host acquires what it uses, and kernels are tasks. */
final class StarPuCalls implements PipelineCalls {
  private static final long ALIGNMENT_BYTES = 4096;

  private final PipelineShape shape;
  private final Arena arena = Arena.ofConfined();
  private final StarPuNative starPu;
  private final Map<Matrix, MemorySegment> matrices = new EnumMap<>(Matrix.class);
  private final Map<Matrix, MemorySegment> data = new EnumMap<>(Matrix.class);
  private final Set<Matrix> acquired = EnumSet.noneOf(Matrix.class);
  private long movedBytes;

  StarPuCalls(PipelineShape shape) {
    this.shape = shape;
    starPu = new StarPuNative(OpenClText.read());
    for (Matrix matrix : Matrix.values()) {
      matrices.put(matrix, arena.allocate(matrix.sizeBytes(shape), ALIGNMENT_BYTES));
      data.put(matrix, starPu.register(matrices.get(matrix)));
    }
  }

  @Override
  public MemorySegment host(Matrix matrix) {
    return matrices.get(matrix);
  }

  @Override
  public void beforeWrite(Matrix matrix, boolean isWhole) {
    acquire(matrix, isWhole ? Access.WRITE : Access.READ_WRITE);
  }

  @Override
  public void write(Matrix matrix, long offsetBytes, long sizeBytes) {
    release(matrix);
  }

  @Override
  public void read(Matrix matrix) {
    acquire(matrix, Access.READ_WRITE);
  }

  private void acquire(Matrix matrix, Access access) {
    starPu.acquire(data.get(matrix), access);
    acquired.add(matrix);
  }

  private void release(Matrix matrix) {
    starPu.release(data.get(matrix));
    acquired.remove(matrix);
  }

  @Override
  public Diagonal readDiagonal() {
    acquire(Matrix.D, Access.READ);
    Diagonal diagonal = PipelineCalls.diagonal(host(Matrix.D), shape.rows(), shape.rows() + 1L);
    release(Matrix.D);
    return diagonal;
  }

  @Override
  public void multiply() {
    starPu.multiply(data.get(Matrix.A), data.get(Matrix.B), data.get(Matrix.C), shape.rows(), shape.inner(), shape.columns());
  }

  @Override
  public void gram() {
    starPu.gram(data.get(Matrix.C), data.get(Matrix.D), shape.rows(), shape.columns());
  }

  @Override
  public long kernelNanos() {
    return starPu.kernelNanos();
  }

  @Override
  public long movedBytes() {
    movedBytes += starPu.movedBytes();
    return movedBytes;
  }

  @Override
  public void close() {
    Set.copyOf(acquired).forEach(this::release);
    data.values().forEach(starPu::unregister);
    starPu.close();
    arena.close();
  }
}
