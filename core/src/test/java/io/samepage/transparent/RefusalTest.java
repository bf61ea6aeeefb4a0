package io.samepage.transparent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.HostStatistics;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where transparent access is not to be had, or not wanted: a refusal with the reason, and leases work all the same. */
class RefusalTest {
  private static final String PROPERTY = "samepage.host.access";

  @AfterEach
  void clearProperties() {
    System.clearProperty(PROPERTY);
    System.clearProperty("samepage.fault.handlers");
  }

  @Test
  void arenasRefuseWithTheReasonAndNameTheExplicitForm() {
    System.setProperty(PROPERTY, "explicit");
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open()) {
      assertThat(memory.hostAccess().mode()).isEqualTo(HostAccess.Mode.EXPLICIT);
      assertThat(memory.hostAccess().reason()).contains("samepage.host.access=explicit");
      assertThat(memory.hostAccess().remedy()).contains("samepage.host.access=auto");
      assertThatThrownBy(memory::confinedArena).isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContainingAll("samepage.host.access=explicit", "samepage.host.access=auto", "UnifiedRange.host");
      assertThatThrownBy(memory::sharedArena).isInstanceOf(UnsupportedOperationException.class);
      assertThat(memory.hostStatistics()).isEqualTo(HostStatistics.NOTHING);
      UnifiedRange range = memory.allocate(100);
      try (HostLease lease = range.host(Access.WRITE)) {
        lease.segment().set(ValueLayout.JAVA_INT, 0, 7);
      }
      try (HostLease lease = range.host(Access.READ)) {
        assertThat(lease.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
        assertThat(memory.range(lease.segment())).isSameAs(range);
      }
    }
  }

  @Test
  void badSettingsAreNamed() {
    System.setProperty(PROPERTY, "sometimes");
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open()) {
      assertThatThrownBy(memory::hostAccess).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sometimes")
          .hasMessageContaining("explicit");
      System.clearProperty(PROPERTY);
      System.setProperty("samepage.fault.handlers", "0");
      assertThatThrownBy(memory::confinedArena).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("samepage.fault.handlers=0");
      System.clearProperty("samepage.fault.handlers");
      assertThat(memory.hostAccess().isTransparent()).isTrue();
    }
  }
}
