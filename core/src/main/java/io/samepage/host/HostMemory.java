package io.samepage.host;

/** The host's memory as a node: where ranges get their pages. May be used by any number of threads. */
public interface HostMemory extends AutoCloseable {
  /** The property that chooses: {@code auto}, or {@code portable} for memory that is not carved from reservations. */
  String KIND_PROPERTY = "samepage.host.memory";

  /**
   * Opens the best host memory of this platform.
   *
   * @return the memory, to be closed
   * @throws IllegalArgumentException if {@link #KIND_PROPERTY} has another value
   */
  static HostMemory open() {
    String kind = System.getProperty(KIND_PROPERTY, "auto");
    return switch (kind) {
      case "auto" -> System.getProperty("os.name").equals("Linux") ? new MappedHostMemory() : new PortableHostMemory();
      case "portable" -> new PortableHostMemory();
      default -> throw new IllegalArgumentException(KIND_PROPERTY + "=" + kind + " is not one of auto, portable");
    };
  }

  /** {@return the size of the system's pages in bytes: the unit of validity} */
  int pageSizeBytes();

  /**
   * Takes address space for a range. It is zero and starts on a page of its own.
   *
   * @param sizeBytes how much, at least 1; rounded up to whole pages
   * @return the extent
   * @throws io.samepage.OutOfHostMemoryException if the system refuses
   */
  HostExtent allocate(long sizeBytes);

  /** Gives everything back, extents that were not freed too. */
  @Override
  void close();
}
