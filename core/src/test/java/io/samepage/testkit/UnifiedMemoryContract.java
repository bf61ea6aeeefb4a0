package io.samepage.testkit;

import java.util.List;
import org.junit.jupiter.api.Nested;

/** Everything that holds with one device and with several. A back end extends it once for each set of devices to be tested. */
public abstract class UnifiedMemoryContract extends DevicesUnderTest {
  @Override
  protected abstract List<String> devices();

  @Nested
  class Devices extends DevicesContract {}

  @Nested
  class Ranges extends RangesContract {}

  @Nested
  class HostLeases extends HostLeasesContract {}

  @Nested
  class DeviceLeases extends DeviceLeasesContract {}

  @Nested
  class LeftLeases extends LeftLeasesContract {}

  @Nested
  class Transfers extends TransfersContract {}

  @Nested
  class LeaseConflicts extends LeaseConflictsContract {}

  @Nested
  class Traffic extends TrafficContract {}

  @Nested
  class SparseReads extends SparseReadContract {}

  @Nested
  class Launches extends LaunchesContract {}

  @Nested
  class RepeatedLaunches extends RepeatedLaunchesContract {}

  @Nested
  class RepeatedHostLeases extends RepeatedHostLeasesContract {}

  @Nested
  class Fences extends FencesContract {}

  @Nested
  class Arguments extends ArgumentsContract {}

  @Nested
  class LaunchChecks extends LaunchChecksContract {}

  @Nested
  class BadInput extends BadInputContract {}

  @Nested
  class BadArguments extends BadArgumentsContract {}

  @Nested
  class Eviction extends EvictionContract {}

  @Nested
  class Discards extends DiscardContract {}

  @Nested
  class Advised extends AdviceContract {}

  @Nested
  class AccessedBy extends AccessedByContract {}

  @Nested
  class RandomlyAdvised extends RandomAdviceContract {}

  @Nested
  class Closing extends ClosingContract {}
}
