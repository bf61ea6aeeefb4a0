package io.samepage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An arena whose segments are plain memory to any Java code and stay coherent with every device: touching a page that a device has
 * written waits for the kernel and brings the page, and pages that were written are found by the next launch. Segments, and parts of
 * them, are arguments of launches; {@link UnifiedMemory#range(MemorySegment)} leads to what else can be done with them. Got from
 * {@link UnifiedMemory#confinedArena()} or {@link UnifiedMemory#sharedArena()}.
 *
 * <p>Each allocation is a {@linkplain UnifiedRange range} of its own and takes whole units of 64 KiB of address space. It is zero; memory
 * is taken when pages are first used.
 *
 * <p><b>Limits.</b> Drivers and system calls must not be handed these segments: open a host lease and hand out its segment. A
 * page whose only valid copy is lost, because a kernel failed, or a device did not answer in time (system property
 * {@code samepage.fault.timeoutMillis}, 10 seconds unless set), reads as {@code 0xDEADBEEF} in every four bytes, and using it in a lease or
 * launch throws {@link PoisonedPageException}; where a device {@linkplain MemoryKind#COHERENT uses the host's pages} and may still be at
 * work there, it reads as it is. While a thread waits for a page, garbage collections wait for the thread.
 *
 * <p>The rules of {@link Arena} hold. A confined arena is used and closed by the thread that made it alone, a shared one by any.
 */
public interface UnifiedArena extends Arena {
  /** {@return the memory that this arena belongs to} */
  UnifiedMemory memory();

  /** {@return a short name, unique in its memory, as it appears in messages: {@code arena-2}} */
  String name();

  /**
   * Allocates memory, as {@link Arena#allocate(long, long)} does.
   *
   * @param byteSize how much; 0 gives an empty segment
   * @param byteAlignment what the address is to be a multiple of, a power of two
   * @return the segment, zero
   * @throws IllegalArgumentException if {@code byteSize} is negative or {@code byteAlignment} is not a power of two
   * @throws IllegalStateException if the arena is closed
   * @throws WrongThreadException if the arena is confined and the caller is not the thread that made it
   * @throws OutOfHostMemoryException if the system has no address space of that size to give
   */
  @Override
  MemorySegment allocate(long byteSize, long byteAlignment);

  /**
   * Waits for launches in flight, and gives everything back: the host's pages and every copy on a device.
   *
   * @throws IllegalStateException if the arena is closed already, a lease is open on one of its ranges, or a segment is in use; then
   *     nothing has changed
   * @throws WrongThreadException if the arena is confined and the caller is not the thread that made it
   */
  @Override
  void close();
}
