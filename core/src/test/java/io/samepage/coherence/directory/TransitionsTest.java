package io.samepage.coherence.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The transitions, word by word; two devices, the words of the second of two groups. */
class TransitionsTest {
  private static final int NODES = 3;
  private static final int BASE = Layout.wordsPerGroup(NODES);
  private static final int HOST = Layout.HOST_NODE;
  private static final int FIRST = 1;
  private static final int SECOND = 2;

  private final long[] words = new long[2 * BASE];

  TransitionsTest() {
    Arrays.fill(words, 0, BASE, 0x0123_4567_89AB_CDEFL);
    set(Layout.ZERO, -1);
    hold(HOST, -1);
  }

  private void set(int word, long value) {
    words[BASE + word] = value;
  }

  private void hold(int node, long value) {
    set(Layout.wordOf(node), value);
  }

  private long held(int node) {
    return Transitions.heldBy(words, BASE, node, -1);
  }

  private long violations() {
    return Transitions.violations(words, BASE);
  }

  private void assertNeighbourUntouched() {
    assertThat(Arrays.copyOf(words, BASE)).containsOnly(0x0123_4567_89AB_CDEFL);
  }

  @Test
  void aNewGroupIsSound() {
    assertThat(violations()).isZero();
    assertThat(Transitions.untouched(words, BASE, 0b1010)).isEqualTo(0b1010);
    assertThat(Transitions.grant(words, BASE, NODES, HOST, -1)).isZero();
    assertThat(Transitions.grant(words, BASE, NODES, FIRST, 0b110)).isEqualTo(0b110);
  }

  @Test
  void aWriteWithdrawsAllOtherCopies() {
    Transitions.fetched(words, BASE, NODES, FIRST, 0b1111);
    Transitions.wrote(words, BASE, NODES, SECOND, 0b0110);
    assertThat(held(SECOND)).isEqualTo(0b0110);
    assertThat(held(FIRST)).isEqualTo(0b1001);
    assertThat(held(HOST)).isEqualTo(~0b0110L);
    assertThat(Transitions.untouched(words, BASE, -1)).isEqualTo(~0b0110L);
    assertThat(Transitions.onlyOn(words, BASE, NODES, SECOND, -1)).isEqualTo(0b0110);
    assertThat(Transitions.onlyOn(words, BASE, NODES, HOST, 0b1111)).isZero();
    assertThat(violations()).isZero();
    assertNeighbourUntouched();
  }

  @Test
  void aLossPoisonsWhatNobodyElseHolds() {
    Transitions.wrote(words, BASE, NODES, FIRST, 0b0011);
    Transitions.fetched(words, BASE, NODES, HOST, 0b0001);
    Transitions.lost(words, BASE, FIRST, 0b0111);
    assertThat(Transitions.poisoned(words, BASE, NODES, -1)).isEqualTo(0b0010);
    assertThat(held(FIRST)).isZero();
    assertThat(Transitions.grant(words, BASE, NODES, SECOND, 0b0011)).as("there is nothing to fetch").isEqualTo(0b0001);
    assertThat(violations()).isZero();
    assertNeighbourUntouched();
  }

  @Test
  void aPoisonedPageCantBeFetchedButBeWritten() {
    Transitions.wrote(words, BASE, NODES, FIRST, 0b11);
    Transitions.lost(words, BASE, FIRST, 0b11);
    Transitions.fetched(words, BASE, NODES, SECOND, 0b11);
    assertThat(held(SECOND)).isZero();
    assertThat(violations()).isZero();
    Transitions.wrote(words, BASE, NODES, SECOND, 0b01);
    assertThat(Transitions.poisoned(words, BASE, NODES, -1)).isEqualTo(0b10);
    assertThat(held(SECOND)).isEqualTo(0b01);
    assertThat(violations()).isZero();
  }

  @Test
  void anEvictionLeavesTheOthersCopies() {
    Transitions.fetched(words, BASE, NODES, FIRST, 0b11);
    Transitions.evicted(words, BASE, FIRST, 0b01);
    assertThat(held(FIRST)).isEqualTo(0b10);
    assertThat(held(HOST)).isEqualTo(-1);
    assertThat(violations()).isZero();
    assertNeighbourUntouched();
  }

  @Test
  void aPageIsPoisonedWhileNobodyHoldsItWhoeverHeldItLast() {
    set(Layout.ZERO, 0);
    for (int node = 0; node < NODES; node++) {
      hold(HOST, ~0b1000L);
      hold(FIRST, 0);
      hold(SECOND, 0);
      assertThat(Transitions.poisoned(words, BASE, NODES, -1)).isEqualTo(0b1000);
      assertThat(Transitions.poisoned(words, BASE, NODES, 0b0110)).as("none that was asked about").isZero();
      hold(node, held(node) | 0b1000);
      assertThat(Transitions.poisoned(words, BASE, NODES, -1)).as("node=%s", node).isZero();
    }
  }

  @Test
  void pagesArePoisonedWhoeverHoldsThem() {
    Transitions.fetched(words, BASE, NODES, FIRST, 0b0011);
    Transitions.wrote(words, BASE, NODES, SECOND, 0b0100);
    Transitions.poison(words, BASE, NODES, 0b0101);
    assertThat(Transitions.poisoned(words, BASE, NODES, -1)).isEqualTo(0b0101);
    assertThat(Transitions.untouched(words, BASE, -1)).isEqualTo(~0b0101L);
    assertThat(held(FIRST)).isEqualTo(0b0010);
    assertThat(violations()).isZero();
    Transitions.discarded(words, BASE, NODES, 0b0001);
    assertThat(Transitions.poisoned(words, BASE, NODES, -1)).as("a page that is discarded is sound").isEqualTo(0b0100);
    assertThat(violations()).isZero();
    assertNeighbourUntouched();
  }

  @Test
  void anUntouchedPageThatTheHostDoesNotHoldIsAViolation() {
    hold(FIRST, 0b11);
    hold(HOST, ~0b01L);
    assertThat(violations()).isEqualTo(0b01);
  }
}
