package io.samepage.coherence.launch;

import io.samepage.Access;
import io.samepage.Slice;
import io.samepage.node.NodeArgument;

/** An argument that was checked against its parameter, and what it is taken for. */
sealed interface LaunchArgument {
  /**
   * Memory.
   *
   * @param slice which bytes
   * @param access what the kernel does with them
   * @param isPromise whether that is the launch's word alone: the kernel doesn't say it
   */
  record Memory(Slice slice, Access access, boolean isPromise) implements LaunchArgument {}

  /**
   * What needs no placing.
   *
   * @param argument as the device is given it
   */
  record Constant(NodeArgument argument) implements LaunchArgument {}
}
