package io.samepage.testkit.node;

import org.junit.jupiter.api.Nested;

/** What every device of every back end does. Needs one device. */
public abstract class DeviceNodeContract extends BackendUnderTest {
  /** For subclasses. */
  protected DeviceNodeContract() {}

  @Nested
  class Lifecycle extends LifecycleContract {
    Lifecycle() {
      super(DeviceNodeContract.this);
    }
  }

  @Nested
  class Copies extends CopyContract {
    Copies() {
      super(DeviceNodeContract.this);
    }
  }

  @Nested
  class Fences extends FenceContract {
    Fences() {
      super(DeviceNodeContract.this);
    }
  }

  @Nested
  class Kernels extends KernelContract {
    Kernels() {
      super(DeviceNodeContract.this);
    }
  }

  @Nested
  class ComputeQueues extends ComputeQueueContract {
    ComputeQueues() {
      super(DeviceNodeContract.this);
    }
  }

  @Nested
  class Concurrency extends ConcurrencyContract {
    Concurrency() {
      super(DeviceNodeContract.this);
    }
  }
}
