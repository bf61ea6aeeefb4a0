package io.samepage.benchmarks.launch;

/** Launches that are submitted again and again. */
interface Launches extends AutoCloseable {
  /** How many are submitted behind the one that keeps the device busy. */
  int COUNT = 1_000;

  /** Makes the device busy. */
  void occupy();

  /** What is measured. */
  void submit();

  /** Waits, and checks what was submitted; answers whether the device was still busy with the first one then. */
  boolean check();

  /** Waits. */
  void await();

  @Override
  void close();
}
