package io.samepage.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTrialTest {
  @Test
  void whatAPeerSaysOfItsFailureIsTheReason() {
    List<String> lines = List.of("WARNING: an untested platform", "reason: java.lang.UnsatisfiedLinkError: no natives", "more");

    assertThat(PeerTrial.explanation(lines, 1)).isEqualTo("java.lang.UnsatisfiedLinkError: no natives");
  }

  @Test
  void aPeerThatEndsTheJvmIsNamedWithItsLastLine() {
    assertThat(PeerTrial.explanation(List.of("first", "Assertion failed"), 134)).contains("exit=134", "Assertion failed");
    assertThat(PeerTrial.explanation(List.of(), 139)).contains("exit=139");
  }

  @Test
  void whatIsOursIsNotTried() {
    assertThat(new PeerTrial().missing(Peer.LWJGL)).isEmpty();
  }
}
