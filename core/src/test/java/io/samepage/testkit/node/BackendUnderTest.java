package io.samepage.testkit.node;

import io.samepage.DeviceInfo;
import io.samepage.KernelSource;
import io.samepage.node.DeviceBackend;
import io.samepage.testkit.TestKernels;
import java.util.List;

/** What the contracts ask of the tests of a back end: override what differs. */
public abstract class BackendUnderTest {
  /** For subclasses. */
  protected BackendUnderTest() {}

  /** {@return the back end; asked once a test, may be the same each time} */
  protected abstract DeviceBackend backend();

  /** {@return the devices to test, in order; the contracts take as many from the front as they need. By default all that were found} */
  protected List<String> deviceNames() {
    return backend().probe().devices().stream().map(DeviceInfo::name).toList();
  }

  /** {@return the budget of each node; the tests use at most 48 MiB at a time} */
  protected long budgetBytes() {
    return 64 << 20;
  }

  /** {@return whether kernels are compiled from text, so that a broken program has a log. By default true} */
  protected boolean compilesText() {
    return true;
  }

  /** {@return {@link TestKernels#SOURCE}, or the same kernels in another form} */
  protected KernelSource kernels() {
    return TestKernels.SOURCE;
  }

  /** {@return {@link GridKernels#SOURCE}, or the same kernel in another form} */
  protected KernelSource gridKernels() {
    return GridKernels.SOURCE;
  }
}
