package io.samepage.coherence.directory;

import static io.samepage.coherence.directory.Layout.HOST;
import static io.samepage.coherence.directory.Layout.ZERO;
import static io.samepage.coherence.directory.Layout.wordOf;

/**
 * The transitions of the directory, as functions over the words of one group of 64 pages: {@code words[base]} to
 * {@code words[base + wordsPerGroup − 1]}, see {@link Layout}. {@code mask} says which pages of the group are meant. There is no I/O
 * here: a grant answers which pages must be copied before the node may use them, and {@link #fetched} or {@link #wrote} is called
 * once that has happened.
 *
 * <p>The exhaustive explorer in the tests runs these very functions.
 */
public final class Transitions {
  private Transitions() {}

  /**
   * Before a node uses pages of which it needs the bytes, to read them or because it writes them only in part: which of them it has no
   * valid copy of. Poisoned pages are left out, see {@link #poisoned}. Pages that it will overwrite as a whole need no grant.
   *
   * @param words the block
   * @param base the group's first word
   * @param nodes how many nodes there are
   * @param node who will use them
   * @param mask the pages whose bytes it needs
   * @return the pages to be fetched
   */
  public static long grant(long[] words, int base, int nodes, int node, long mask) {
    long missing = mask & ~words[base + wordOf(node)];
    return missing & ~poisoned(words, base, nodes, missing);
  }

  /**
   * Pages whose only valid copy was lost: those that no node holds.
   *
   * @param words the block
   * @param base the group's first word
   * @param nodes how many nodes there are
   * @param mask the pages asked about
   * @return those that are poisoned
   */
  public static long poisoned(long[] words, int base, int nodes, long mask) {
    long left = mask;
    for (int node = 0; node < nodes && left != 0; node++) {
      left &= ~words[base + wordOf(node)];
    }
    return left;
  }

  /**
   * Pages that nobody has written yet: a copy is made by zeroing.
   *
   * @param words the block
   * @param base the group's first word
   * @param mask the pages asked about
   * @return those that are zero
   */
  public static long untouched(long[] words, int base, long mask) {
    return mask & words[base + ZERO];
  }

  /**
   * Pages that a node holds a valid copy of.
   *
   * @param words the block
   * @param base the group's first word
   * @param node the node
   * @param mask the pages asked about
   * @return those it holds
   */
  public static long heldBy(long[] words, int base, int node, long mask) {
    return mask & words[base + wordOf(node)];
  }

  /**
   * Pages that a node alone holds a valid copy of.
   *
   * @param words the block
   * @param base the group's first word
   * @param nodes how many nodes there are
   * @param node the node
   * @param mask the pages asked about
   * @return those that would be lost with it
   */
  public static long onlyOn(long[] words, int base, int nodes, int node, long mask) {
    long only = heldBy(words, base, node, mask);
    for (int other = 0; other < nodes; other++) {
      if (other != node) {
        only &= ~words[base + wordOf(other)];
      }
    }
    return only;
  }

  /**
   * A node has got valid copies of pages: they are duplicated for reading. Those that nobody holds any more stay poisoned, as they were
   * lost while they were copied.
   *
   * @param words the block
   * @param base the group's first word
   * @param nodes how many nodes there are
   * @param node the node
   * @param mask the pages it got
   */
  public static void fetched(long[] words, int base, int nodes, int node, long mask) {
    words[base + wordOf(node)] |= mask & ~poisoned(words, base, nodes, mask);
  }

  /**
   * A node has written pages, or its kernel that writes them is in its queue: every other copy is invalidated. A poisoned page is
   * sound again, as only one that was overwritten as a whole can have been granted.
   *
   * @param words the block
   * @param base the group's first word
   * @param nodes how many nodes there are
   * @param node who wrote
   * @param mask the pages it wrote
   */
  public static void wrote(long[] words, int base, int nodes, int node, long mask) {
    words[base + ZERO] &= ~mask;
    for (int other = 0; other < nodes; other++) {
      words[base + wordOf(other)] &= ~mask;
    }
    words[base + wordOf(node)] |= mask;
  }

  /**
   * The contents of pages are no longer needed, and the host's frames are zero: they are as if nobody had ever written them.
   *
   * @param words the block
   * @param base the group's first word
   * @param nodes how many nodes there are
   * @param mask the pages that are discarded
   */
  public static void discarded(long[] words, int base, int nodes, long mask) {
    wrote(words, base, nodes, Layout.HOST_NODE, mask);
    words[base + ZERO] |= mask;
  }

  /**
   * A node drops its copies of pages that others hold too. {@link PageDirectory#evicted} asserts that they do, as a page that nobody
   * holds counts as poisoned, whether anything was said of a loss or not.
   *
   * @param words the block
   * @param base the group's first word
   * @param node the node
   * @param mask the pages it drops
   */
  public static void evicted(long[] words, int base, int node, long mask) {
    words[base + wordOf(node)] &= ~mask;
  }

  /**
   * A node's copies can't be trusted any more: dropped where there are others, poisoned where there are none.
   *
   * @param words the block
   * @param base the group's first word
   * @param node the node
   * @param mask the pages it lost
   */
  public static void lost(long[] words, int base, int node, long mask) {
    words[base + wordOf(node)] &= ~mask;
  }

  /**
   * Pages whose only valid copy turned out to be lost, whoever was believed to hold one.
   *
   * @param words the block
   * @param base the group's first word
   * @param nodes how many nodes there are
   * @param mask the pages that are lost
   */
  public static void poison(long[] words, int base, int nodes, long mask) {
    words[base + ZERO] &= ~mask;
    for (int node = 0; node < nodes; node++) {
      words[base + wordOf(node)] &= ~mask;
    }
  }

  /**
   * The invariant of a group: an untouched page is held by the host.
   *
   * @param words the block
   * @param base the group's first word
   * @return the pages that violate it, 0 if all is well
   */
  public static long violations(long[] words, int base) {
    return words[base + ZERO] & ~words[base + HOST];
  }
}
