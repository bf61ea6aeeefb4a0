package io.samepage.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.MemoryKind;
import io.samepage.node.DeviceBackend;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.HardwareIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hardware that several back ends find: it is one device, unless somebody asks for both by name. */
class SameHardwareTest {
  private static final String GPU = HardwareIds.pci(0, 0x3b, 0);
  private static final String OTHER_GPU = HardwareIds.pci(0, 0x5e, 0);

  /** A back end that has found something. */
  private record Found(String name, int priority, List<DeviceInfo> devices) implements DeviceBackend {
    @SafeVarargs
    static Found of(String name, int priority, Set<String>... hardware) {
      List<DeviceInfo> devices = new ArrayList<>();
      for (Set<String> ids : hardware) {
        devices.add(new DeviceInfo(name + ":" + devices.size(), name, "A GPU", "A driver", DeviceInfo.Kind.GPU, 1 << 20, 1 << 20,
            Set.of(MemoryKind.DISCRETE), ids));
      }
      return new Found(name, priority, devices);
    }

    @Override
    public BackendReport probe() {
      return new BackendReport(name, BackendReport.State.AVAILABLE, "Found " + devices.size(), "", devices);
    }

    @Override
    public List<DeviceNode> open(List<DeviceRequest> requests) {
      throw new AssertionError("Nothing is opened here");
    }
  }

  private static final DeviceBackend SECOND = Found.of("second", 10, Set.of(), Set.of(OTHER_GPU), Set.of(GPU, "uuid:07"));
  private static final DeviceBackend FIRST = Found.of("first", 20, Set.of(GPU), Set.of("uuid:08"));

  private static DeviceSelection selection(DeviceBackend... backends) {
    return new DeviceSelection(List.of(backends), Map.of(), info -> MemoryKind.DISCRETE);
  }

  private static List<String> chosen(String... names) {
    return selection(SECOND, FIRST).infos(List.of(names), List.of()).stream().map(DeviceInfo::name).toList();
  }

  @Test
  void allHasItOnceThroughTheBackEndThatIsPreferred() {
    assertThat(chosen("all")).containsExactly("first:0", "first:1", "second:0", "second:1");
    assertThat(chosen("auto")).containsExactly("first:0", "first:1");
  }

  @Test
  void whoNamesItGetsIt() {
    assertThat(chosen("second:2")).containsExactly("second:2");
    assertThat(chosen("second:2", "first:0")).containsExactly("second:2", "first:0");
  }

  @Test
  void theOtherBackEndSaysThatItIsUsedElsewhereAndListsIt() {
    List<BackendReport> reports = selection(SECOND, FIRST).reports(List.of());
    assertThat(reports).extracting(BackendReport::explanation).containsExactly("Found 2",
        "Found 3. second:2 is the same hardware as first:0, and is used as that unless it is asked for by its name");
    assertThat(reports.getLast().devices()).hasSize(3);
    assertThat(selection(SECOND).reports(List.of())).extracting(BackendReport::explanation).containsExactly("Found 3");
  }

  @Test
  void devicesOfOneBackEndAreNeverTheSame() {
    DeviceBackend parts = Found.of("parts", 10, Set.of(GPU), Set.of(GPU));
    assertThat(selection(parts).infos(List.of("all"), List.of())).hasSize(2);
    assertThat(selection(parts).reports(List.of()).getFirst().explanation()).isEqualTo("Found 2");
    List<DeviceInfo> devices = parts.probe().devices();
    assertThat(devices.getFirst().isSameHardwareAs(devices.getLast())).isFalse();
    assertThat(devices.getFirst().isSameHardwareAs(FIRST.probe().devices().getFirst())).isTrue();
  }

  @Test
  void idsAreSpelledInOneWay() {
    assertThat(HardwareIds.pci(0x1f, 0xA, 3)).isEqualTo("pci:001f:0a:03");
    assertThat(HardwareIds.uuid(new byte[] {1, -1})).isEqualTo("uuid:01ff");
  }
}
