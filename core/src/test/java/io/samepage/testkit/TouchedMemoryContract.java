package io.samepage.testkit;

import java.util.List;
import org.junit.jupiter.api.Nested;

/** What programs do with memory that is touched, with one device and with several. A back end extends it once for each set of devices. */
public abstract class TouchedMemoryContract extends DevicesUnderTest {
  @Override
  protected abstract List<String> devices();

  @Nested
  class SegmentUse extends SegmentUseContract {}

  @Nested
  class SharedTouches extends SharedTouchesContract {}

  @Nested
  class LeasedCalls extends LeasedCallsContract {}

  @Nested
  class TouchedLeftLeases extends TouchedLeftLeasesContract {}

  @Nested
  class HostStatistics extends HostStatisticsContract {}
}
