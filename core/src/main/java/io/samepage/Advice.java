package io.samepage;

import java.util.Objects;
import java.util.Optional;

/**
 * What a program says of how it is going to use a slice: {@link Slice#advise(Advice)}, undone by {@link Slice#unadvise(Advice)}. The
 * meanings are those of {@code cudaMemAdvise}, as far as they go where reading a page always duplicates it.
 *
 * <p>Advice holds for all pages that the slice touches, also in part. It never changes what anybody reads, moves nothing when it is given,
 * waits for nobody, and costs nothing where none was given. It is a hint: leases, launches and a lack of memory go before it, and its
 * {@linkplain Kind effects} may be left out where somebody is in the way. Several of them hold for a page at a time, but only one preferred
 * location. Advice ends with its range.
 *
 * @param kind what is said
 * @param device the device that it is said of; empty where it is said of the host, or of no node
 */
public record Advice(Kind kind, Optional<Device> device) {
  /** What can be said, and what comes of it. */
  public enum Kind {
    /**
     * The pages are mostly read, and seldom written. Reading or prefetching them on a node duplicates them there and takes them from
     * nobody, and writing them withdraws all other copies, as it always does. What the advice adds: a device's copy of what another node
     * holds too is a duplicate that nothing is lost with, so where a device needs room it gives up, before others, allocations that hold
     * nothing else. No byte is copied for that.
     */
    READ_MOSTLY,

    /**
     * The pages should be on one node. They are still copied to whoever uses them. A device that is their preferred location gives up the
     * allocations that hold some of them after all others that nobody uses at the moment; a device that is not gives up, before others,
     * allocations that hold nothing else. {@link Slice#fill} of a slice whose pages all have the same preferred location is done there, and
     * so is {@link Slice#copyTo} such a slice, whoever has the pages; where a device can't do it, the host does.
     */
    PREFERRED_LOCATION,

    /**
     * A node is going to use the pages, so that its copies are kept up to date. What a launch, fill, copy or lease on another node has
     * written is brought there as soon as that is complete, by a thread of the memory's own, and on the host it is mapped too, so that
     * touching it causes no fault. To a device this happens where it has an allocation for the pages already, from an earlier use or
     * {@link Slice#prefetchTo}: none is made, and nobody's is given up for it. It is left out where somebody has begun to write the pages
     * anew. What the host stores without a lease, in an arena, is not seen at that moment, and brought to nobody.
     */
    ACCESSED_BY,

    /**
     * No device needs the pages for a while. Where a device needs room it gives up, before others, allocations that hold nothing else that
     * it might need. Unlike {@linkplain Slice#discard() discarding}, this keeps the contents: what a device alone holds goes home first.
     * The advice ends for the pages that a lease, launch or prefetch on a device uses next.
     */
    WILL_NOT_NEED;

    private boolean isOfNode() {
      return this == PREFERRED_LOCATION || this == ACCESSED_BY;
    }
  }

  /**
   * Checks that what is said goes with the device.
   *
   * @throws NullPointerException if {@code kind} or {@code device} is null
   * @throws IllegalArgumentException if a device is given for what is said of no node
   */
  public Advice {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(device, "device");
    if (device.isPresent() && !kind.isOfNode()) {
      throw new IllegalArgumentException("This advice is for all devices, not for one: kind=" + kind + ", device="
          + device.get().name());
    }
  }

  /** {@return advice that pages are mostly read: {@link Kind#READ_MOSTLY}} */
  public static Advice readMostly() {
    return new Advice(Kind.READ_MOSTLY, Optional.empty());
  }

  /**
   * Advice that pages should be on a device: {@link Kind#PREFERRED_LOCATION}.
   *
   * @param device a device of the memory that the pages belong to
   * @return the advice
   */
  public static Advice preferredLocation(Device device) {
    return new Advice(Kind.PREFERRED_LOCATION, Optional.of(device));
  }

  /** {@return advice that pages should be on the host: {@link Kind#PREFERRED_LOCATION}} */
  public static Advice preferredLocationHost() {
    return new Advice(Kind.PREFERRED_LOCATION, Optional.empty());
  }

  /**
   * Advice that a device is going to use pages: {@link Kind#ACCESSED_BY}.
   *
   * @param device a device of the memory that the pages belong to
   * @return the advice
   */
  public static Advice accessedBy(Device device) {
    return new Advice(Kind.ACCESSED_BY, Optional.of(device));
  }

  /** {@return advice that the host is going to use pages: {@link Kind#ACCESSED_BY}} */
  public static Advice accessedByHost() {
    return new Advice(Kind.ACCESSED_BY, Optional.empty());
  }

  /** {@return advice that no device needs pages for a while: {@link Kind#WILL_NOT_NEED}} */
  public static Advice willNotNeed() {
    return new Advice(Kind.WILL_NOT_NEED, Optional.empty());
  }

  /** {@return what is said, and of which node: {@code ACCESSED_BY(opencl:0)}} */
  @Override
  public String toString() {
    return kind.isOfNode() ? kind + "(" + device.map(Device::name).orElse(Residency.HOST) + ")" : kind.toString();
  }
}
