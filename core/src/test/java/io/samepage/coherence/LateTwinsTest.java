package io.samepage.coherence;

import static io.samepage.Argument.inOut;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.BackendReport;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.node.HardwareIds;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hardware that is attached, and that another back end finds later: it is one device, unless somebody asks for both by name. */
class LateTwinsTest {
  private static final String GPU = HardwareIds.pci(0, 0x3b, 0);
  private static final String OTHER_GPU = HardwareIds.pci(0, 0x5e, 0);

  private final GpuBackend first = new GpuBackend("first", 20);
  private final GpuBackend second = new GpuBackend("second", 10);

  /** Only the second choice has found the GPU. */
  private UnifiedMemory open(String... names) {
    second.plug(GPU).refresh();
    return new CoherentMemoryBuilder().backends(List.of(first, second)).devices(names).open();
  }

  private static List<String> attached(UnifiedMemory memory, String... names) {
    return memory.refreshDevices(names).attached().stream().map(Device::name).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "all"})
  void itIsNotAttachedAgainThroughABackEndThatFindsItLater(String name) {
    try (UnifiedMemory memory = open(name)) {
      first.plug(GPU, OTHER_GPU);
      assertThat(attached(memory)).containsExactly("first:1");
      assertThat(attached(memory)).isEmpty();
      assertThat(attached(memory, "auto")).isEmpty();
      assertThat(attached(memory, "all")).isEmpty();
      assertThat(memory.devices()).extracting(Device::name).containsExactly("second:0", "first:1");
    }
  }

  @Test
  void namesThatAreGivenWithTheRefreshAreNoNamesOfItEither() {
    try (UnifiedMemory memory = open("second:0")) {
      first.plug(GPU, OTHER_GPU);
      assertThat(attached(memory, "auto")).containsExactly("first:1");
      assertThat(attached(memory, "all")).isEmpty();
    }
  }

  @Test
  void whoAsksForItByItsNameGetsItBeside() {
    try (UnifiedMemory memory = open("all"); UnifiedRange range = memory.allocate(64)) {
      first.plug(GPU);
      assertThat(attached(memory, "all", "first:0")).containsExactly("first:0");
      for (Device device : memory.devices()) {
        device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(16), inOut(range), 1);
      }
      try (HostLease lease = range.host(Access.READ)) {
        assertThat(lease.segment().toArray(ValueLayout.JAVA_INT)).containsOnly(2);
      }
    }
  }

  @Test
  void aBackEndsNameIsANameOfItsFirstDevice() {
    try (UnifiedMemory memory = open("all")) {
      first.plug(GPU);
      assertThat(attached(memory, "first")).containsExactly("first:0");
    }
  }

  @Test
  void whatHasComeThroughTwoBackEndsAtATimeIsAttachedOnce() {
    try (UnifiedMemory memory = open("all")) {
      first.plug(OTHER_GPU);
      second.plug(GPU, OTHER_GPU);
      assertThat(attached(memory)).containsExactly("first:0");
    }
  }

  @Test
  void whatHasGoneFromItsBackEndIsToldOfAndNotReplacedByItself() {
    try (UnifiedMemory memory = open("all")) {
      first.plug(GPU);
      second.plug();
      Device gone = memory.devices().getFirst();
      assertThat(memory.refreshDevices().lost()).containsExactly(gone);
      assertThat(memory.devices()).containsExactly(gone);
      assertThat(attached(memory, "first:0")).containsExactly("first:0");
    }
  }

  @Test
  void reportsSayThatItIsUsedAsWhatIsAttached() {
    try (UnifiedMemory memory = open("all")) {
      first.plug(GPU);
      memory.refreshDevices();
      assertThat(memory.backends()).extracting(BackendReport::explanation).containsExactly(
          "Found 1. first:0 is the same hardware as second:0, and is used as that unless it is asked for by its name", "Found 1");
      memory.refreshDevices("first:0");
      assertThat(memory.backends()).extracting(BackendReport::explanation).containsExactly("Found 1", "Found 1");
    }
  }
}
