package io.samepage.coherence.hostside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.HostAccess;
import io.samepage.HostStatistics;
import org.junit.jupiter.api.Test;

/** When the fault handler is not started. */
class WatchingTest {
  @Test
  void moreThanEightDevicesAreRefusedWithTheRemedy() {
    Watching watching = new Watching(9);
    HostAccess access = watching.access();
    assertThat(access.mode()).isEqualTo(HostAccess.Mode.EXPLICIT);
    assertThat(access.reason()).contains("devices=9", "most=8");
    assertThat(access.remedy()).isEqualTo("Open a memory over fewer devices.");
    assertThatThrownBy(watching::memory).isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContainingAll("devices=9", "fewer devices", "UnifiedRange.host");
    assertThat(watching.statistics()).isEqualTo(HostStatistics.NOTHING);
    watching.close();
  }

  @Test
  void afterClosingItIsNotStartedAgain() {
    Watching watching = new Watching(1);
    assertThat(watching.access().isTransparent()).isTrue();
    watching.close();
    assertThat(watching.access().reason()).isEqualTo("the memory is closed");
  }
}
