package io.samepage.testkit;

import io.samepage.UnifiedMemory;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** Everything that holds with one device and with several. A back end extends it once for each set of devices to be tested. */
public abstract class UnifiedMemoryContract {
  /** {@return the names of the devices under test, each of the form {@code opencl:0}} */
  protected abstract List<String> devices();

  /** {@return a builder over {@link #devices()}; override it to set more} */
  protected UnifiedMemory.Builder builder() {
    return UnifiedMemory.builder().devices(devices().toArray(String[]::new));
  }

  @Nested
  class Devices extends DevicesContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Ranges extends RangesContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class HostLeases extends HostLeasesContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class DeviceLeases extends DeviceLeasesContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Transfers extends TransfersContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class LeaseConflicts extends LeaseConflictsContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Traffic extends TrafficContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Launches extends LaunchesContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Fences extends FencesContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Arguments extends ArgumentsContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class LaunchChecks extends LaunchChecksContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class BadInput extends BadInputContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class BadArguments extends BadArgumentsContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Eviction extends EvictionContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Discards extends DiscardContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Advised extends AdviceContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class AccessedBy extends AccessedByContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class RandomlyAdvised extends RandomAdviceContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }

  @Nested
  class Closing extends ClosingContract {
    @Override
    protected List<String> devices() {
      return UnifiedMemoryContract.this.devices();
    }

    @Override
    protected UnifiedMemory.Builder builder() {
      return UnifiedMemoryContract.this.builder();
    }
  }
}
