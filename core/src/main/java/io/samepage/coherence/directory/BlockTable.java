package io.samepage.coherence.directory;

import java.util.function.UnaryOperator;

/** The blocks of a directory, in chunks that are made when one of their blocks is first changed. */
final class BlockTable {
  private static final int BLOCKS_PER_CHUNK = 1024;

  private final long blocks;
  private final long[] untouched;
  private final long[][][] chunks;

  /** So many blocks, none of which was ever changed. */
  BlockTable(long blocks, long[] untouched) {
    this.blocks = blocks;
    this.untouched = untouched;
    chunks = new long[Math.toIntExact(Math.ceilDiv(blocks, (long) BLOCKS_PER_CHUNK))][][];
  }

  /** Takes over the blocks of a table of as many that were changed, each in a new form. */
  void copy(BlockTable other, UnaryOperator<long[]> form) {
    for (long block = 0; block < blocks; block++) {
      long[][] chunk = other.chunks[(int) (block / BLOCKS_PER_CHUNK)];
      if (chunk == null) {
        block += BLOCKS_PER_CHUNK - 1;
      } else if (chunk[(int) (block % BLOCKS_PER_CHUNK)] != null) {
        set(block, form.apply(chunk[(int) (block % BLOCKS_PER_CHUNK)]));
      }
    }
  }

  long[] get(long block) {
    long[][] chunk = chunks[(int) (block / BLOCKS_PER_CHUNK)];
    long[] words = chunk == null ? null : chunk[(int) (block % BLOCKS_PER_CHUNK)];
    return words == null ? untouched : words;
  }

  void set(long block, long[] words) {
    int index = (int) (block / BLOCKS_PER_CHUNK);
    if (chunks[index] == null) {
      chunks[index] = new long[(int) Math.min(BLOCKS_PER_CHUNK, blocks - (long) index * BLOCKS_PER_CHUNK)][];
    }
    chunks[index][(int) (block % BLOCKS_PER_CHUNK)] = words;
  }

  /** The bytes of heap that it takes, but for blocks that are shared. */
  long heapBytes(UniformBlocks uniform) {
    long bytes = (long) chunks.length * Integer.BYTES;
    for (long[][] chunk : chunks) {
      if (chunk != null) {
        bytes += (long) chunk.length * Integer.BYTES;
        for (long[] block : chunk) {
          bytes += block == null || uniform.isShared(block) ? 0 : (long) block.length * Long.BYTES;
        }
      }
    }
    return bytes;
  }
}
