package io.samepage.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.BackendReport;
import io.samepage.DeviceLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.embedded.EmbeddedBackend;
import io.samepage.node.MemoryProvider;
import io.samepage.testkit.node.FailingBackend;
import org.junit.jupiter.api.Test;

/** Memories over a back end that was made, not found. */
class GivenBackendTest {
  private final FailingBackend given = new FailingBackend(new EmbeddedBackend());

  @Test
  void itTakesThePlaceOfTheOneOfItsNameThatIsFound() {
    try (UnifiedMemory memory = MemoryProvider.builder(given).devices("embedded:0").open()) {
      assertThat(given.node("embedded:0").info()).isEqualTo(memory.devices().getFirst().info());
      assertThat(memory.backends()).extracting(BackendReport::backend).containsOnlyOnce("embedded");
    }
    assertThatThrownBy(() -> MemoryProvider.builder(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void aDeviceTellsItsNodeToBackEnds() {
    try (UnifiedMemory memory = MemoryProvider.builder(given).devices("embedded:0").open()) {
      assertThat(MemoryProvider.nodeOf(memory.devices().getFirst())).isSameAs(given.node("embedded:0"));
    }
    assertThatThrownBy(() -> MemoryProvider.nodeOf(null)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void devicesThatTakeNoMemoryOfOthersSaySoAndGoOn() {
    try (UnifiedMemory memory = MemoryProvider.builder(given).devices("embedded:0").open()) {
      UnifiedRange range = memory.allocate(4096);
      // The wrapper around the embedded node has nothing of its own for that, as a back end that leaves it out.
      assertThatThrownBy(() -> memory.devices().getFirst().adopt(range.all(), 4096)).isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("embedded:0");
      try (DeviceLease lease = memory.devices().getFirst().acquire(range.all(), Access.READ)) {
        assertThat(lease.isOpen()).isTrue();
      }
    }
  }
}
