package io.samepage;

/** What a lease or a kernel argument does with the bytes of a slice. */
public enum Access {
  /** Bytes are only read. Any number of nodes may read a page at a time, each from a copy of its own. */
  READ,

  /**
   * Every byte of the slice will be overwritten, so nothing is fetched: until it is written, what the holder sees there is
   * unspecified, and so is what others see who touch it in an arena while a host lease with this access is open. Pages that the slice
   * covers only in part are fetched all the same, so bytes beside the slice are kept.
   */
  WRITE,

  /** Bytes are read and written. One node at a time may write a page, and no other may read it meanwhile. */
  READ_WRITE;

  /** {@return whether the holder may read what was there before} */
  public boolean reads() {
    return this != WRITE;
  }

  /** {@return whether the holder may change bytes} */
  public boolean writes() {
    return this != READ;
  }
}
