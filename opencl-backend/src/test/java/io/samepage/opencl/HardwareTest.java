package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is made of what drivers tell of their hardware. No driver at hand tells anything: the answers are the test's. */
class HardwareTest {
  private static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.nativeOrder());
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  private static Set<String> ids(String extension, Map<Integer, byte[]> answers) {
    return Hardware.ids(List.of("cl_khr_fp64", extension), name -> answers.getOrDefault(name, new byte[0]));
  }

  @Test
  void thePlaceOnTheBusIsTakenFromKhronosExtension() {
    assertThat(ids("cl_khr_pci_bus_info", Map.of(0x410F, ints(1, 0x3b, 2, 0)))).containsExactly("pci:0001:3b:02");
    assertThat(ids("cl_khr_pci_bus_info", Map.of())).isEmpty();
  }

  @Test
  void andFromNvidiasWhereTheSlotHasTheFunctionInIt() {
    assertThat(ids("cl_nv_device_attribute_query", Map.of(0x4008, ints(0x3b), 0x4009, ints(2 << 3 | 1), 0x400A, ints(1))))
        .containsExactly("pci:0001:3b:02");
    assertThat(ids("cl_nv_device_attribute_query", Map.of(0x4008, ints(0x3b), 0x4009, ints(0)))).as("without a domain")
        .containsExactly("pci:0000:3b:00");
    assertThat(ids("cl_nv_device_attribute_query", Map.of(0x4008, ints(0x3b)))).isEmpty();
  }

  @Test
  void aUuidIsTakenUnlessItIsZero() {
    byte[] uuid = new byte[16];
    assertThat(ids("cl_khr_device_uuid", Map.of(0x106A, uuid))).isEmpty();
    uuid[15] = 7;
    assertThat(ids("cl_khr_device_uuid", Map.of(0x106A, uuid))).containsExactly("uuid:" + "0".repeat(31) + "7");
  }

  @Test
  void driversAreAskedForWhatTheySayTheyHaveAlone() {
    assertThat(Hardware.ids(List.of("cl_khr_fp64"), name -> {
      throw new AssertionError("Asked: name=0x" + Integer.toHexString(name));
    })).isEmpty();
    assertThat(Hardware.idsOf(ClInfo.ofDevice("a test", Devices.found().id()))).isEqualTo(Devices.found().info().hardwareIds());
  }
}
