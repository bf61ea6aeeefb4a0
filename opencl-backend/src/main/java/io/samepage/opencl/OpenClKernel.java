package io.samepage.opencl;

import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeKernel;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A kernel of a program built for one device. */
final class OpenClKernel implements NodeKernel {
  private final ClPrograms calls;
  private final long handle;
  private final String name;
  private final List<KernelParameter> parameters;
  private final GridLimits limits;
  // A cl_kernel holds the arguments of the next launch: setting them and launching is one step.
  private final Lock arguments = new ReentrantLock();

  OpenClKernel(FoundDevice device, long program, String name) {
    calls = new ClPrograms(device.subject());
    this.name = name;
    handle = calls.createKernel(program, name);
    try {
      parameters = ParameterReader.read(device.subject(), handle);
      limits = GridLimits.of(device, ClInfo.ofWorkGroup(device.subject(), handle, device.id()));
    } catch (RuntimeException e) {
      calls.releaseKernel(handle);
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<KernelParameter> parameters() {
    return parameters;
  }

  /**
   * Checks that the device can run a grid.
   *
   * @param grid the grid
   * @throws IllegalArgumentException if it can't
   */
  void check(Grid grid) {
    limits.check(name, grid);
  }

  /**
   * Starts the kernel.
   *
   * @param queue where
   * @param grid how many work items
   * @param placed the arguments
   * @return the kernel's event
   */
  long enqueue(long queue, Grid grid, PlacedArguments placed) {
    arguments.lock();
    try {
      for (int i = 0; i < placed.size(); i++) {
        if (placed.argument(i) instanceof NodeArgument.Value(Number value)) {
          calls.setValue(handle, i, value);
        } else {
          calls.setBuffer(handle, i, placed.buffer(i));
        }
      }
      return calls.enqueueKernel(queue, handle, limits.grouped(grid));
    } finally {
      arguments.unlock();
    }
  }

  void release() {
    calls.releaseKernel(handle);
  }
}
