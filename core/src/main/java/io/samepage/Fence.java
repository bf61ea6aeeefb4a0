package io.samepage;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The point at which a launch is complete, or {@linkplain #all several} are. Prefetches, fills and copies that a device does are launches
 * too, with commands in the place of kernels. May be used by any number of threads, and after the memory is closed.
 */
public interface Fence {
  /**
   * {@return whether the launch is complete, successfully or not} Never waits.
   */
  boolean isDone();

  /**
   * Waits until the launch is complete.
   *
   * @throws KernelFailedException if the kernel failed: the slices that it was to write are poisoned where it held the only valid copy
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   */
  void await();

  /**
   * Waits until the launch is complete, or the time is over.
   *
   * @param timeout how long to wait at most
   * @return whether the launch is complete
   * @throws IllegalArgumentException if {@code timeout} is negative
   * @throws KernelFailedException if the kernel failed
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   */
  boolean await(Duration timeout);

  /**
   * Waits until the launch is complete and tells how long the kernel ran on the device, copies not included.
   *
   * @return nanoseconds by the device's clock, 0 where the driver doesn't tell
   * @throws KernelFailedException if the kernel failed
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   */
  long kernelNanos();

  /**
   * A future that is completed when the launch is, and exceptionally if the kernel failed, with what {@link #await()} throws.
   *
   * <p>Each call answers a future of its own. It belongs to the caller: to cancel or complete it ends that future alone, and never the
   * kernel.
   *
   * <p>Where the launch is known to be complete already, the future is complete at once. All others of a memory are completed by one
   * daemon thread of that memory, which is started when it is first needed, and never by a driver's thread. What is chained to the future
   * without an executor may run on that thread, and keeps later futures waiting as long as it lasts: give what takes long or waits an
   * executor of its own ({@code thenRunAsync}).
   *
   * <p>Closing the memory waits for the launches: their futures are completed soon after, by the same thread, which then ends.
   *
   * @return the future
   */
  CompletableFuture<Void> toFuture();

  /**
   * A fence that is passed when several are; of no fences, at once. They may belong to different devices and memories.
   *
   * <p>It is complete when all of them are, whether they failed or not. What waits for it waits for all, and throws only then: what the
   * first that failed, in the order given, throws, with what the others throw {@linkplain Throwable#getSuppressed suppressed} in it. A
   * wait whose time is over tells of no failure. Its {@link #kernelNanos()} is the sum of theirs, so that kernels which ran at the same
   * time count each.
   *
   * @param fences the fences
   * @return one for all
   * @throws NullPointerException if {@code fences} or one of them is null
   */
  static Fence all(Fence... fences) {
    return new FenceOfAll(List.of(fences));
  }

  /**
   * A fence that is passed when several are: as {@link #all(Fence...)} with the fences that a collection has now, in its order.
   *
   * @param fences the fences
   * @return one for all
   * @throws NullPointerException if {@code fences} or one of them is null
   */
  static Fence all(Collection<? extends Fence> fences) {
    return new FenceOfAll(List.copyOf(fences));
  }
}
