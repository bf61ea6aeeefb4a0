package io.samepage.benchmarks.cuda;

/** A range of which the host writes some pages, and a kernel reads those. */
interface ScatteredRange extends AutoCloseable {
  /** The host writes a word of each page. */
  void touch(long value);

  /** Brings what is missing to the device, has a kernel read the words, and waits for it. */
  void use();

  /** Throws if something else was moved than the pages, as far as anybody knows. */
  default void checkMoved() {}

  /** Throws if the kernel has read something else than this value. */
  void checkWords(long value);

  @Override
  void close();
}
