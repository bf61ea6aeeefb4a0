package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.BackendReport;
import io.samepage.DeviceInfo;
import io.samepage.MemoryKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Looking for devices again. */
class RefreshTest {
  private static ScanResult scan(long... ids) {
    List<FoundDevice> found = new ArrayList<>();
    LongStream.of(ids).forEach(id -> found.add(new FoundDevice(7, id, new DeviceInfo("opencl:" + found.size(), "opencl", "device " + id,
        "driver", DeviceInfo.Kind.GPU, 1, 1, Set.of(MemoryKind.DISCRETE)), null)));
    return ScanResult.of(found, List.of());
  }

  private static List<String> named(ScanResult scan) {
    assertThat(scan.report().devices()).isEqualTo(scan.devices().stream().map(FoundDevice::info).toList());
    return scan.devices().stream().map(device -> device.info().name() + " is " + device.info().description()).toList();
  }

  @Test
  void devicesKeepTheirNamesWhoeverComesOrGoes() {
    List<FoundDevice> known = new ArrayList<>(scan(50, 60).devices());
    assertThat(named(scan(40, 50, 60).renumbered(known))).containsExactly("opencl:0 is device 50", "opencl:1 is device 60",
        "opencl:2 is device 40");
    assertThat(named(scan(60, 70).renumbered(known))).containsExactly("opencl:1 is device 60", "opencl:3 is device 70");
    assertThat(named(scan(40, 50, 60).renumbered(known))).containsExactly("opencl:0 is device 50", "opencl:1 is device 60",
        "opencl:2 is device 40");
    assertThat(known).hasSize(4);
  }

  @Test
  void poclListsTheSameDevicesAgain() {
    OpenClBackend backend = new OpenClBackend();
    BackendReport before = backend.probe();
    assertThat(backend.refresh()).isEqualTo(before);
    assertThat(backend.probe()).isEqualTo(before);
    assertThat(before.devices()).isNotEmpty();
    assertThat(new OpenClBackend().refresh().devices()).isEqualTo(before.devices());
  }
}
