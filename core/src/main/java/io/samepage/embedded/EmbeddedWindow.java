package io.samepage.embedded;

import io.samepage.DeviceException;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Native memory of its own, or the host's pages. Use after it was freed throws IllegalStateException, it never crashes. */
final class EmbeddedWindow implements Window {
  private static final long ALIGNMENT_BYTES = 4096;
  /** New memory under -ea: makes a kernel or a directory that relies on zeroes fail. */
  private static final byte GARBAGE = (byte) 0xA5;

  private final EmbeddedNode node;
  private final Arena arena;
  private final MemorySegment segment;
  private final boolean isWrapped;

  private EmbeddedWindow(EmbeddedNode node, Arena arena, MemorySegment segment, boolean isWrapped) {
    this.node = node;
    this.arena = arena;
    this.segment = segment;
    this.isWrapped = isWrapped;
  }

  /** A window of pages that are there already. */
  static EmbeddedWindow wrap(EmbeddedNode node, MemorySegment pages) {
    Arena arena = Arena.ofShared();
    return new EmbeddedWindow(node, arena, pages.reinterpret(arena, null), true);
  }

  /** Throws DeviceException if there is no memory. */
  static EmbeddedWindow allocate(EmbeddedNode node, long sizeBytes) {
    long blockBytes = Math.addExact(sizeBytes, ALIGNMENT_BYTES);
    MemorySegment block = EmbeddedNative.allocate(blockBytes);
    if (block.equals(MemorySegment.NULL)) {
      throw new DeviceException("No native memory for a window: malloc gave NULL, sizeBytes=" + sizeBytes + ", device="
          + node.info().name() + "; set a smaller budget");
    }
    Arena arena = Arena.ofShared();
    MemorySegment owned = block.reinterpret(blockBytes, arena, EmbeddedNative::free);
    MemorySegment aligned = owned.asSlice(-block.address() & (ALIGNMENT_BYTES - 1), sizeBytes);
    assert aligned.fill(GARBAGE) != null;
    return new EmbeddedWindow(node, arena, aligned, false);
  }

  EmbeddedNode node() {
    return node;
  }

  /** All bytes; usable by any thread until the window is freed. */
  MemorySegment segment() {
    return segment;
  }

  void checkBounds(long offsetBytes, long lengthBytes) {
    Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes());
  }

  void free() {
    arena.close();
  }

  /** What it takes of the device's memory. */
  long chargedBytes() {
    return isWrapped ? 0 : sizeBytes();
  }

  @Override
  public long sizeBytes() {
    return segment.byteSize();
  }

  @Override
  public long handle() {
    return segment.address();
  }

  @Override
  public String toString() {
    return "EmbeddedWindow[device=" + node.info().name() + ", sizeBytes=" + sizeBytes() + "]";
  }
}
