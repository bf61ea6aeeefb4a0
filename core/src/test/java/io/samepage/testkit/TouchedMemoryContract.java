package io.samepage.testkit;

import java.util.List;
import org.junit.jupiter.api.Nested;

/** What programs do with memory that is touched, with one device and with several. A back end extends it once for each set of devices. */
public abstract class TouchedMemoryContract {
  /** {@return the names of the devices under test, each of the form {@code opencl:0}} */
  protected abstract List<String> devices();

  @Nested
  class SegmentUse extends SegmentUseContract {
    @Override
    protected List<String> devices() {
      return TouchedMemoryContract.this.devices();
    }
  }

  @Nested
  class SharedTouches extends SharedTouchesContract {
    @Override
    protected List<String> devices() {
      return TouchedMemoryContract.this.devices();
    }
  }

  @Nested
  class LeasedCalls extends LeasedCallsContract {
    @Override
    protected List<String> devices() {
      return TouchedMemoryContract.this.devices();
    }
  }

  @Nested
  class HostStatistics extends HostStatisticsContract {
    @Override
    protected List<String> devices() {
      return TouchedMemoryContract.this.devices();
    }
  }
}
