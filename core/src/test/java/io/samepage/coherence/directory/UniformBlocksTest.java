package io.samepage.coherence.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks whose pages all agree are one array. */
class UniformBlocksTest {
  private static final int MOST_NODES = 62;

  private static long[] heldBy(int node, int nodes, int groups) {
    long[] words = new long[groups * Layout.wordsPerGroup(nodes)];
    for (int group = 0; group < groups; group++) {
      words[group * Layout.wordsPerGroup(nodes) + Layout.wordOf(node)] = -1;
    }
    return words;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, MOST_NODES})
  void blocksOfTheSameStateAreTheSameArrayWhicheverNodeHoldsThem(int nodes) {
    UniformBlocks blocks = new UniformBlocks(nodes);
    for (int node = 0; node < nodes; node++) {
      long[] own = heldBy(node, nodes, 8);
      long[] shared = blocks.shareIfUniform(own);
      assertThat(shared).as("node=%s", node).isEqualTo(own).isSameAs(blocks.shareIfUniform(own.clone()));
      assertThat(blocks.isShared(shared)).isTrue();
      assertThat(shared == own || blocks.isShared(own)).as("a copy is not shared").isFalse();
    }
  }

  @Test
  void blocksOfDifferentLengthsAreDifferent() {
    UniformBlocks blocks = new UniformBlocks(2);
    assertThat(blocks.untouched(1)).hasSize(3).isNotSameAs(blocks.untouched(2));
    assertThat(blocks.untouched(2)).hasSize(6).isSameAs(blocks.untouched(2)).containsExactly(-1, -1, 0, -1, -1, 0);
  }

  @Test
  void aBlockWhosePagesDifferIsItself() {
    UniformBlocks blocks = new UniformBlocks(2);
    long[] words = heldBy(0, 2, 2);
    words[Layout.wordOf(1)] = 1;
    assertThat(blocks.shareIfUniform(words)).isSameAs(words);
    words[Layout.wordOf(1)] = -1;
    assertThat(blocks.shareIfUniform(words)).as("one group differs from the other").isSameAs(words);
    assertThat(blocks.isShared(words)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, MOST_NODES + 1})
  void tooFewOrTooManyNodesAreRefused(int nodes) {
    assertThatThrownBy(() -> new UniformBlocks(nodes)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nodes=" + nodes);
  }
}
