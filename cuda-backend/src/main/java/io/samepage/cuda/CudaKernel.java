package io.samepage.cuda;

import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeKernel;
import java.util.List;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;

/** A kernel of a program compiled for one device. */
final class CudaKernel implements NodeKernel {
  private final FoundDevice device;
  private final ModuleCalls calls;
  private final CUfunction function;
  private final String name;
  private final List<PtxParameter> declared;
  private final List<KernelParameter> parameters;
  private final int mostThreads;
  private final long localBytesLimit;

  CudaKernel(FoundDevice device, ModuleCalls calls, CUmodule module, String name, List<PtxParameter> declared,
      List<KernelParameter> parameters) {
    this.device = device;
    this.calls = calls;
    this.name = name;
    this.declared = declared;
    this.parameters = List.copyOf(parameters);
    function = calls.function(module, name);
    mostThreads = Math.min(device.limits().blockThreads(),
        calls.attribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK));
    long localArguments = parameters.stream().filter(KernelParameter.Local.class::isInstance).count();
    localBytesLimit = Math.max(0, device.limits().sharedBytes() - LaunchParameters.paddingBytes(localArguments)
        - calls.attribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<KernelParameter> parameters() {
    return parameters;
  }

  /** {@return what a block has, less what the kernel takes by itself} */
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
    blocks(grid).check(device.subject(), name, device.limits(), mostThreads);
  }

  private Blocks blocks(Grid grid) {
    return Blocks.of(grid, device.limits(), mostThreads);
  }

  /**
   * Starts the kernel. The context is current.
   *
   * @param stream where
   * @param grid how many work items
   * @param arguments one for each parameter
   */
  void enqueue(CUstream stream, Grid grid, List<NodeArgument> arguments) {
    try (LaunchParameters placed = new LaunchParameters(declared, arguments)) {
      calls.launch(function, blocks(grid), placed.sharedBytes(), stream, placed.address());
    }
  }
}
