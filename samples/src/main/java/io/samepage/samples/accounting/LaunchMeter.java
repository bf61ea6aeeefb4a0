package io.samepage.samples.accounting;

import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Starts kernels, waits for them, and keeps how long they ran on their devices. For one thread. */
public final class LaunchMeter {
  private final List<Fence> running = new ArrayList<>();
  private long kernelNanos;

  /**
   * Starts a kernel and returns at once.
   *
   * @param kernel the kernel
   * @param grid its work items
   * @param arguments its arguments
   */
  public void launch(Kernel kernel, Grid grid, Object... arguments) {
    add(kernel.launch(grid, arguments));
  }

  /**
   * Takes over what was started.
   *
   * @param fence its fence
   */
  public void add(Fence fence) {
    running.add(fence);
  }

  /** Waits for all kernels that were started here. */
  public void await() {
    for (Fence fence : running) {
      kernelNanos += fence.kernelNanos();
    }
    running.clear();
  }

  /** {@return the seconds that awaited kernels ran by their devices' clocks, added up over devices} */
  public double kernelSeconds() {
    return kernelNanos * 1e-9;
  }
}
