package io.samepage.opencl;

import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.lwjgl.opencl.CL10;

/** A kernel of a program built for one device. */
final class OpenClKernel implements NodeKernel {
  private final ClPrograms calls;
  private final long handle;
  private final String name;
  private final List<KernelParameter> parameters;
  private final GridLimits limits;
  private final long localBytesLimit;
  // A cl_kernel holds the arguments of the next launch: setting them and launching is one step.
  private final Lock arguments = new ReentrantLock();
  /** What each argument is, as {@link PlacedArguments#identity} says, so that it isn't set again; guarded by the lock. */
  private final Object[] given;

  OpenClKernel(FoundDevice device, long program, String name, TypeProbe types) {
    calls = new ClPrograms(device.subject());
    this.name = name;
    handle = calls.createKernel(program, name);
    try {
      parameters = ParameterReader.read(device.subject(), handle, types::ask);
      ClInfo workGroup = ClInfo.ofWorkGroup(device.subject(), handle, device.id());
      limits = GridLimits.of(device, workGroup);
      localBytesLimit = Math.max(0, device.limits().localBytes() - workGroup.longValue(CL10.CL_KERNEL_LOCAL_MEM_SIZE));
      given = new Object[parameters.size()];
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

  /** {@return what the device has, less what the kernel takes by itself} */
  @Override
  public long localBytesLimit() {
    return localBytesLimit;
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
   * Starts the kernel, which waits for nothing but what is before it in the queue.
   *
   * @param queue where
   * @param grid how many work items
   * @param placed the arguments
   * @return the kernel's event
   */
  long enqueue(long queue, Grid grid, PlacedArguments placed) {
    return enqueue(queue, grid, placed, 0);
  }

  /**
   * Starts the kernel.
   *
   * @param queue where
   * @param grid how many work items
   * @param placed the arguments
   * @param awaited the event that it waits for, 0 for none
   * @return the kernel's event
   */
  long enqueue(long queue, Grid grid, PlacedArguments placed, long awaited) {
    arguments.lock();
    try {
      set(placed);
      return calls.enqueueKernel(queue, handle, limits.grouped(grid), awaited);
    } finally {
      arguments.unlock();
    }
  }

  /**
   * Starts the kernel together with uploads, which it waits for.
   *
   * @param joint who enqueues both
   * @param queue where
   * @param grid how many work items
   * @param placed the arguments
   * @param uploads what is uploaded
   * @return what became of it
   */
  JointLaunch.Outcome enqueue(JointLaunch joint, long queue, Grid grid, PlacedArguments placed, List<CopyRun> uploads) {
    arguments.lock();
    try {
      set(placed);
      return joint.enqueue(queue, handle, limits.grouped(grid), uploads);
    } finally {
      arguments.unlock();
    }
  }

  private void set(PlacedArguments placed) {
    for (int i = 0; i < placed.size(); i++) {
      Object identity = placed.identity(i);
      if (identity == null || identity != given[i]) {
        given[i] = null;
        set(i, placed);
        given[i] = identity;
      }
    }
  }

  private void set(int index, PlacedArguments placed) {
    switch (placed.argument(index)) {
      case NodeArgument.Memory memory when PlacedArguments.isSvm(memory) ->
          calls.setSvmPointer(handle, index, ((OpenClWindow) memory.window()).svmAddress() + memory.offsetBytes());
      case NodeArgument.Memory _ -> calls.setBuffer(handle, index, placed.buffer(index));
      case NodeArgument.Value(Number value) -> calls.setValue(handle, index, value);
      case NodeArgument.Struct(MemorySegment bytes) -> calls.setStruct(handle, index, bytes);
      case NodeArgument.Local(long sizeBytes) -> calls.setLocal(handle, index, sizeBytes);
    }
  }

  void release() {
    calls.releaseKernel(handle);
  }
}
