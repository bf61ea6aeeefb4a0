package io.samepage.explorer.engine;

import java.util.Arrays;

/** Writes small numbers, of 1 to 64 bits, side by side into {@code long}s, or reads them in the same order. */
public final class Packer {
  private static final int WORD_SHIFT = 6;

  private final long[] words;
  private int bit;

  public Packer(long[] words) {
    this(words, 0);
  }

  /** Begins behind some words. */
  public Packer(long[] words, int firstWord) {
    this.words = words;
    bit = firstWord << WORD_SHIFT;
  }

  public void put(long value, int bits) {
    assert (value & ~(-1L >>> Long.SIZE - bits)) == 0 : "too large: value=" + value + ", bits=" + bits;
    int word = bit >>> WORD_SHIFT;
    int shift = bit & Long.SIZE - 1;
    words[word] |= value << shift;
    if (shift + bits > Long.SIZE) {
      words[word + 1] |= value >>> Long.SIZE - shift;
    }
    bit += bits;
  }

  /**
   * The same as each number on its own, but in one go: together they have at most 64 bits. The count is that of the array; where it is a
   * constant the compiler needs no loop.
   */
  public void putAll(int[] values, int count, int bits) {
    long all = 0;
    int any = 0;
    for (int i = count - 1; i >= 0; i--) {
      any |= values[i];
      all = all << bits | values[i];
    }
    assert any >>> bits == 0 : "too large: values=" + Arrays.toString(values) + ", bits=" + bits;
    put(all, count * bits);
  }

  /** Reads what {@link #putAll} wrote. */
  public void getAll(int[] values, int count, int bits) {
    long all = get(count * bits);
    int mask = (1 << bits) - 1;
    for (int i = 0; i < count; i++) {
      values[i] = (int) (all >>> i * bits) & mask;
    }
  }

  public long get(int bits) {
    int word = bit >>> WORD_SHIFT;
    int shift = bit & Long.SIZE - 1;
    long value = words[word] >>> shift;
    if (shift + bits > Long.SIZE) {
      value |= words[word + 1] << Long.SIZE - shift;
    }
    bit += bits;
    return value & -1L >>> Long.SIZE - bits;
  }

  public int getInt(int bits) {
    return (int) get(bits);
  }
}
