package io.samepage.embedded;

import io.samepage.DeviceException;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Native memory of its own, or the host's pages. Use after it was freed throws IllegalStateException, it never crashes. */
final class EmbeddedWindow implements Window {
  private static final long ALIGNMENT_BYTES = 4096;
  /** The largest that a kernel loads at once. */
  private static final long LONG_BYTES = 8;
  /** New memory under -ea: makes a kernel or a directory that relies on zeroes fail. */
  private static final byte GARBAGE = (byte) 0xA5;

  private final EmbeddedNode node;
  private final Arena arena;
  private final MemorySegment segment;
  private final Origin origin;

  /** Whose memory it is. */
  private enum Origin { OWN, HOST_PAGES, ADOPTED }

  private EmbeddedWindow(EmbeddedNode node, Arena arena, MemorySegment segment, Origin origin) {
    this.node = node;
    this.arena = arena;
    this.segment = segment;
    this.origin = origin;
  }

  /** A window of pages that are there already. */
  static EmbeddedWindow wrap(EmbeddedNode node, MemorySegment pages) {
    Arena arena = Arena.ofShared();
    return new EmbeddedWindow(node, arena, pages.reinterpret(arena, null), Origin.HOST_PAGES);
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
    return new EmbeddedWindow(node, arena, aligned, Origin.OWN);
  }

  /** Memory of somebody else's, who sees to it that it is there. */
  static EmbeddedWindow adopt(EmbeddedNode node, long address, long sizeBytes) {
    if (address == 0 || address % LONG_BYTES != 0) {
      throw new IllegalArgumentException("No address of memory that kernels can use: address=0x" + Long.toHexString(address)
          + ", alignmentBytes=" + LONG_BYTES + ", device=" + node.info().name());
    }
    Arena arena = Arena.ofShared();
    return new EmbeddedWindow(node, arena, MemorySegment.ofAddress(address).reinterpret(sizeBytes, arena, null), Origin.ADOPTED);
  }

  @Override
  public boolean isAdopted() {
    return origin == Origin.ADOPTED;
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
    return origin == Origin.OWN ? sizeBytes() : 0;
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
