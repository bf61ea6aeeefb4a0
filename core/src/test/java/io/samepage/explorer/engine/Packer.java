package io.samepage.explorer.engine;

/** Writes small numbers side by side into {@code long}s, or reads them in the same order. */
public final class Packer {
  private final long[] words;
  private int bit;

  public Packer(long[] words) {
    this.words = words;
  }

  public void put(long value, int bits) {
    assert value >>> bits == 0 : "too large: value=" + value + ", bits=" + bits;
    int word = bit / Long.SIZE;
    int shift = bit % Long.SIZE;
    words[word] |= value << shift;
    if (shift + bits > Long.SIZE) {
      words[word + 1] |= value >>> Long.SIZE - shift;
    }
    bit += bits;
  }

  public long get(int bits) {
    int word = bit / Long.SIZE;
    int shift = bit % Long.SIZE;
    long value = words[word] >>> shift;
    if (shift + bits > Long.SIZE) {
      value |= words[word + 1] << Long.SIZE - shift;
    }
    bit += bits;
    return value & (1L << bits) - 1;
  }

  public int getInt(int bits) {
    return (int) get(bits);
  }
}
