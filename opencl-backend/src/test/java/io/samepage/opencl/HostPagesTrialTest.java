package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Whether a driver that keeps a copy of the host's memory is told from one that doesn't. */
class HostPagesTrialTest {
  private final FoundDevice device = Devices.found();

  @Test
  void memoryThatIsTheHostsPasses() {
    try (OpenClNode node = Devices.open(); Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(HostPagesTrial.HOST_BYTES, 4096);
      Window window = node.wrap(host.address(), host.byteSize());
      HostPagesTrial.compare(node, device, host, window);
      node.free(window);
      assertThat(node.counters().launches() + node.counters().bytesWithin() + node.counters().bytesToDevice()).isZero();
    }
  }

  @Test
  void aCopyOfItIsFoundOutAndSaid() {
    try (OpenClNode node = Devices.open(); Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(HostPagesTrial.HOST_BYTES, 4096);
      Window copy = node.allocate(host.byteSize());
      assertThatThrownBy(() -> HostPagesTrial.compare(node, device, host, copy))
          .isInstanceOfSatisfying(MemoryKindException.class, e -> {
            assertThat(e.asked()).isEqualTo(MemoryKind.COHERENT);
            assertThat(e.offered()).containsExactly(MemoryKind.DISCRETE);
          })
          .hasMessageContaining(device.info().name()).hasMessageContaining("keeps a copy");
      node.free(copy);
    }
  }
}
