package io.samepage;

import java.util.List;

/** A device has no room for what a lease or launch needs, even after evicting all that could be evicted. */
public class OutOfDeviceMemoryException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** Bytes needed beyond what was there. */
  private final long neededBytes;
  /** Bytes that were free or could be evicted. */
  private final long freeBytes;
  /** The most that the device has in one piece. */
  private final long largestBytes;
  /** Who holds the rest. */
  private final transient List<String> holders;

  /**
   * Makes an exception.
   *
   * @param device the name of the device
   * @param neededBytes bytes needed beyond what was resident already
   * @param freeBytes bytes that were free or could have been evicted
   * @param largestBytes how large a piece of memory its driver makes at most
   * @param budgetBytes the device's budget
   * @param holders who holds the rest, a description each
   */
  public OutOfDeviceMemoryException(String device, long neededBytes, long freeBytes, long largestBytes, long budgetBytes,
      List<String> holders) {
    super("Out of device memory: device=" + device + ", neededBytes=" + neededBytes + ", freeBytes=" + freeBytes + ", largestBytes="
        + largestBytes + ", budgetBytes=" + budgetBytes + ", heldBy=" + holders + ". "
        + (neededBytes > freeBytes ? "Close leases, use smaller slices, or raise the budget."
            : "The driver makes no piece that large, or has less left than the budget says: use smaller slices, or end others' use."));
    this.neededBytes = neededBytes;
    this.freeBytes = freeBytes;
    this.largestBytes = largestBytes;
    this.holders = List.copyOf(holders);
  }

  /** {@return bytes needed beyond what was resident already} */
  public long neededBytes() {
    return neededBytes;
  }

  /** {@return bytes that were free or could have been evicted} */
  public long freeBytes() {
    return freeBytes;
  }

  /** {@return how large a piece of memory the driver makes at most; where it maps pieces into one address space, slices may be larger} */
  public long largestBytes() {
    return largestBytes;
  }

  /** {@return who holds the rest, a description each; null after deserialisation} */
  public List<String> holders() {
    return holders;
  }
}
