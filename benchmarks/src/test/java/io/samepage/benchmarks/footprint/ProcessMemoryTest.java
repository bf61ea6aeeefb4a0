package io.samepage.benchmarks.footprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  private static List<String> mapping(String head, int residentKib, String flags) {
    return mapping(head, 84_164, residentKib, flags);
  }

  private static List<String> mapping(String head, int sizeKib, int residentKib, String flags) {
    return List.of(head, "Size:               " + sizeKib + " kB", "Rss:                " + residentKib + " kB", "VmFlags: " + flags);
  }

  @Test
  void memoryThatWasMappedWithoutReservingItCounts() {
    List<String> lines = mapping("7f0000-7f0100 rw-p 00000000 00:00 0 ", 12, "rd wr mr mw me nr sd");

    assertThat(ProcessMemory.tableBytes(lines)).isEqualTo(12 << 10);
  }

  @Test
  void reservedAndSharedAndNamedMemoryDoesNot() {
    assertThat(ProcessMemory.tableBytes(mapping("7f0000-7f0100 rw-p 00000000 00:00 0", 12, "rd wr mr mw me sd"))).isZero();
    assertThat(ProcessMemory.tableBytes(mapping("7f0000-7f0100 rw-s 00000000 00:01 7 /memfd:samepage", 12, "rd wr nr"))).isZero();
    assertThat(ProcessMemory.tableBytes(mapping("7f0000-7f0100 rw-p 00000000 08:01 7 /lib/libc.so", 12, "rd wr nr"))).isZero();
    assertThat(ProcessMemory.tableBytes(mapping("7f0000-7f0100 ---p 00000000 00:00 0", 0, "mr mw me nr sd"))).isZero();
  }

  @Test
  void smallPiecesDoNot() {
    assertThat(ProcessMemory.tableBytes(mapping("7f0000-7f0100 rw-p 00000000 00:00 0", 65_536, 12, "rd wr mr mw me nr sd"))).isZero();
  }
}
