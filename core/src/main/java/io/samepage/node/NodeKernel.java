package io.samepage.node;

import io.samepage.KernelParameter;
import java.util.List;

/** A compiled kernel of one node. */
public interface NodeKernel {
  /** {@return its name in the source} */
  String name();

  /** {@return its parameters in order} */
  List<KernelParameter> parameters();

  /** {@return how much local memory the arguments of a launch may ask for in all, in bytes} */
  long localBytesLimit();
}
