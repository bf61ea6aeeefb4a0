package io.samepage;

import java.util.List;

/** A device has no room for what a lease or launch needs, even after evicting all that could be evicted. */
public class OutOfDeviceMemoryException extends SamepageException {
  private static final long serialVersionUID = 1L;

  /** Bytes needed beyond what was there. */
  private final long neededBytes;
  /** Bytes that were free or could be evicted. */
  private final long freeBytes;
  /** Who holds the rest. */
  private final transient List<String> holders;

  /**
   * Makes an exception.
   *
   * @param device the name of the device
   * @param neededBytes bytes needed beyond what was resident already
   * @param freeBytes bytes that were free or could have been evicted
   * @param budgetBytes the device's budget
   * @param holders who holds the rest, a description each
   */
  public OutOfDeviceMemoryException(String device, long neededBytes, long freeBytes, long budgetBytes, List<String> holders) {
    super("Out of device memory: device=" + device + ", neededBytes=" + neededBytes + ", freeBytes=" + freeBytes + ", budgetBytes="
        + budgetBytes + ", heldBy=" + holders + ". Close leases, use smaller slices, or raise the budget.");
    this.neededBytes = neededBytes;
    this.freeBytes = freeBytes;
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

  /** {@return who holds the rest, a description each; null after deserialisation} */
  public List<String> holders() {
    return holders;
  }
}
