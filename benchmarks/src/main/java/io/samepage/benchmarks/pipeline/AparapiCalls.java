package io.samepage.benchmarks.pipeline;

import com.aparapi.Kernel;
import com.aparapi.ProfileInfo;
import com.aparapi.Range;
import com.aparapi.device.OpenCLDevice;
import io.samepage.benchmarks.base.RawQueue;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * With Aparapi: Java arrays, and kernels in Java. Either Aparapi copies what a kernel uses before and behind each launch by itself, or it
 * is told what to copy, arrays as a whole. What it copies by itself is taken to be what the kernel reads and what it writes.
 */
final class AparapiCalls implements PipelineCalls {
  private static final String PROFILING = "com.aparapi.enableProfiling";
  /** How Aparapi calls kernels among its commands. */
  private static final String KERNEL = "exec()";
  private static final long PAGE_BYTES = 4096;

  private final PipelineShape shape;
  private final boolean isExplicit;
  private final Map<Matrix, float[]> arrays = new EnumMap<>(Matrix.class);
  private final Kernel multiply;
  private final Kernel gram;
  private final Range productItems;
  private final Range gramItems;
  private long kernelNanos;
  private long movedBytes;

  AparapiCalls(PipelineShape shape, boolean isExplicit) {
    System.setProperty(PROFILING, "true");
    this.shape = shape;
    this.isExplicit = isExplicit;
    for (Matrix matrix : Matrix.values()) {
      arrays.put(matrix, new float[Math.toIntExact(matrix.sizeBytes(shape) / Float.BYTES)]);
    }
    multiply = new AparapiProduct(arrays.get(Matrix.A), arrays.get(Matrix.B), arrays.get(Matrix.C), shape.rows(), shape.inner(),
        shape.columns());
    gram = new AparapiGram(arrays.get(Matrix.C), arrays.get(Matrix.D), shape.rows(), shape.columns());
    OpenCLDevice device = device();
    productItems = items(device, shape.columns());
    gramItems = items(device, shape.rows());
    multiply.setExplicit(isExplicit);
    gram.setExplicit(isExplicit);
  }

  /** The device that all others use: the one with the same handle. */
  private static OpenCLDevice device() {
    long handle;
    try (RawQueue queue = new RawQueue(PAGE_BYTES, false)) {
      handle = queue.device();
    }
    List<OpenCLDevice> devices = OpenCLDevice.listDevices(null);
    return devices.stream().filter(device -> device.getDeviceId() == handle).findFirst()
        .orElseThrow(() -> new IllegalStateException("Aparapi doesn't find the device: found=" + devices));
  }

  private Range items(OpenCLDevice device, int columns) {
    return Range.create2D(device, Math.toIntExact(OpenClText.items(columns)), Math.toIntExact(OpenClText.items(shape.rows())),
        OpenClText.TILE, OpenClText.TILE);
  }

  @Override
  public MemorySegment host(Matrix matrix) {
    return MemorySegment.ofArray(arrays.get(matrix));
  }

  @Override
  public void write(Matrix matrix, long offsetBytes, long sizeBytes) {
    if (isExplicit) {
      (matrix == Matrix.C ? gram : multiply).put(arrays.get(matrix));
      movedBytes += matrix.sizeBytes(shape);
    }
  }

  @Override
  public void read(Matrix matrix) {
    if (isExplicit) {
      (matrix == Matrix.C ? multiply : gram).get(arrays.get(matrix));
      movedBytes += matrix.sizeBytes(shape);
    }
  }

  @Override
  public Diagonal readDiagonal() {
    read(Matrix.D);
    return PipelineCalls.diagonal(host(Matrix.D), shape.rows(), shape.rows() + 1L);
  }

  @Override
  public void multiply() {
    run(multiply, productItems);
    movedBytes += isExplicit ? 0 : shape.aBytes() + shape.bBytes() + shape.cBytes();
  }

  @Override
  public void gram() {
    run(gram, gramItems);
    movedBytes += isExplicit ? 0 : shape.cBytes() + shape.dBytes();
  }

  private void run(Kernel kernel, Range items) {
    kernel.execute(items);
    if (!kernel.isRunningCL()) {
      throw new IllegalStateException("Aparapi runs the kernel as Java, not on the device: mode=" + kernel.getTargetDevice());
    }
    // It tells of its commands only who copies by himself.
    kernel.setExplicit(true);
    for (ProfileInfo command : kernel.getProfileInfo()) {
      kernelNanos += command.getLabel().equals(KERNEL) ? command.getEnd() - command.getStart() : 0;
    }
    kernel.setExplicit(isExplicit);
  }

  @Override
  public long kernelNanos() {
    return kernelNanos;
  }

  @Override
  public long movedBytes() {
    return movedBytes;
  }

  @Override
  public void close() {
    multiply.dispose();
    gram.dispose();
  }
}
