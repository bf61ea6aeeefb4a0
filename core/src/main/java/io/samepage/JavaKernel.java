package io.samepage;

/** The Java form of a kernel: what one group of work items does. */
@FunctionalInterface
public interface JavaKernel {
  /**
   * Runs all items of a group, in any order the body likes. Called once for each group of a launch, on a thread of the device.
   * It must touch no unified memory but its arguments. An exception fails the launch.
   *
   * @param group which items
   * @param arguments the launch's arguments
   */
  void run(WorkGroup group, KernelArguments arguments);
}
