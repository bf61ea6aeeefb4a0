package io.samepage.benchmarks.turn;

/** Something that is run again and again, and of which each run is counted. Memory and kernels are there, and used again by each run. */
public interface CountedRun extends AutoCloseable {
  /** Gets ready for a run; what that takes doesn't count. */
  default void prepare() {}

  /** {@return how many nanoseconds that took} Runs it. */
  long run();

  /** Throws if the run did something else than what is measured; what that takes doesn't count. */
  default void finish() {}

  /** Behind {@link #finish}, throws if such a run may not count, as one may that comes before all is warm. */
  default void checkCounted() {}

  /** {@return how many bytes other threads than the calling one have allocated on the Java heap in all runs} */
  default long otherThreadsBytes() {
    return 0;
  }

  /** {@return how many operations a run is, which count one by one} */
  default int operations() {
    return 1;
  }

  /** {@return how many nanoseconds kernels ran in all runs, by their device's clock; 0 where they count like the rest} */
  default long kernelNanos() {
    return 0;
  }

  /** {@return how many bytes were copied in all runs, to the device and back; 0 where that is not told} */
  default long movedBytes() {
    return 0;
  }

  /** Throws if results are wrong, behind the last run. */
  default void check() {}

  @Override
  void close();
}
