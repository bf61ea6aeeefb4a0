package io.samepage.coherence.directory;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The blocks whose pages all agree, one shared array for each state: such a block costs its range a reference. They are never
 * changed; a range that wants to change one takes a copy first. May be used by any number of threads.
 */
public final class UniformBlocks {
  private static final int MOST_NODES = Long.SIZE - 1 - Layout.HOST;

  private record Key(int groups, long state) {}

  private final int nodes;
  private final Map<Key, long[]> blocks = new ConcurrentHashMap<>();
  /** The same blocks, by identity, as arrays are: to find one there takes no look at its words. */
  private final Set<long[]> shared = ConcurrentHashMap.newKeySet();

  /**
   * Makes the set for memories of so many nodes.
   *
   * @param nodes how many nodes there are, the host included; at most 62, as a state is one bit for each kind of word, never negative
   */
  public UniformBlocks(int nodes) {
    checkNodes(nodes);
    this.nodes = nodes;
  }

  /**
   * Checks that a memory can have so many nodes.
   *
   * @param nodes how many nodes there are, the host included
   * @throws IllegalArgumentException if it can't
   */
  public static void checkNodes(int nodes) {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new IllegalArgumentException("A memory has 1 to " + MOST_NODES + " nodes, the host among them: nodes=" + nodes);
    }
  }

  /** {@return how many nodes there are, the host included} */
  public int nodes() {
    return nodes;
  }

  /** The block in which nobody has written: zero, and held by the host. */
  long[] untouched(int groups) {
    return block(groups, 1L << Layout.ZERO | 1L << Layout.HOST);
  }

  /** The block that a node holds alone. */
  long[] alone(int groups, int node) {
    return block(groups, 1L << Layout.wordOf(node));
  }

  boolean isShared(long[] words) {
    return shared.contains(words);
  }

  /** The shared block of the same content, or the block itself if its pages don't all agree. */
  long[] shareIfUniform(long[] words) {
    long state = stateOf(words);
    return state < 0 ? words : block(words.length / Layout.wordsPerGroup(nodes), state);
  }

  /** A block of a memory with fewer nodes, as one of this memory: the nodes that it lacked hold nothing. */
  long[] widened(long[] words, int narrowStride) {
    int stride = Layout.wordsPerGroup(nodes);
    long[] wide = new long[words.length / narrowStride * stride];
    for (int from = 0, to = 0; from < words.length; from += narrowStride, to += stride) {
      System.arraycopy(words, from, wide, to, narrowStride);
    }
    return shareIfUniform(wide);
  }

  /** One bit for each kind of word if all pages agree, else −1. */
  private long stateOf(long[] words) {
    int stride = Layout.wordsPerGroup(nodes);
    long state = 0;
    for (int kind = 0; kind < stride; kind++) {
      long first = words[kind];
      if (first != 0 && first != -1) {
        return -1;
      }
      for (int i = kind + stride; i < words.length; i += stride) {
        if (words[i] != first) {
          return -1;
        }
      }
      state |= first & 1L << kind;
    }
    return state;
  }

  private long[] block(int groups, long state) {
    return blocks.computeIfAbsent(new Key(groups, state), key -> {
      int stride = Layout.wordsPerGroup(nodes);
      long[] words = new long[groups * stride];
      for (int i = 0; i < words.length; i++) {
        words[i] = (state >> i % stride & 1) == 0 ? 0 : -1;
      }
      shared.add(words);
      return words;
    });
  }
}
