package io.samepage.coherence.sync;

import io.samepage.Fence;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Completes the futures of one memory's fences, on a thread that is started when the first of them is asked for and ends with the memory.
 * No other threads of ours look after devices by themselves: somebody has to, where nobody waits. Drivers don't call us.
 */
public final class FenceFutures {
  /** A future to be completed, and how to see that it is time. */
  private record Pending(Fence fence, BooleanSupplier isOver, CompletableFuture<Void> future) {}

  private static final long SHORTEST_NAP_NANOS = 20_000;
  private static final long LONGEST_NAP_NANOS = 1_000_000;
  /** A nap is so much shorter than what was waited for until then, and a look as much shorter than the nap behind it. */
  private static final int NAPS_PER_WAIT = 16;
  private static final int LOOKS_PER_NAP = 8;

  private final String threadName;
  private final Runnable retireDone;
  private final Queue<Pending> pending = new ConcurrentLinkedQueue<>();
  /** Guarded by this. */
  private boolean hasThread;
  private boolean closed;

  /**
   * Makes futures possible; there is no thread yet.
   *
   * @param threadName the name of the thread
   * @param retireDone retires the launches that are complete, without waiting
   */
  public FenceFutures(String threadName, Runnable retireDone) {
    this.threadName = threadName;
    this.retireDone = retireDone;
  }

  /**
   * A future of a fence.
   *
   * @param fence the fence
   * @param isOver whether its {@link Fence#await()} returns or throws at once; true for good, some time after the launches that it stands
   *     for were retired
   * @return the future, complete if it is over already
   */
  public CompletableFuture<Void> of(Fence fence, BooleanSupplier isOver) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    Pending one = new Pending(fence, isOver, future);
    if (!isSettled(one)) {
      add(one);
    }
    return future;
  }

  /**
   * Has the thread do something once a fence has passed, unless that tells of a failure.
   *
   * @param fence the fence
   * @param isOver as above
   * @param action what is done, which throws nothing
   */
  public void then(Fence fence, BooleanSupplier isOver, Runnable action) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    future.thenRun(action);
    add(new Pending(fence, isOver, future));
  }

  private synchronized void add(Pending one) {
    if (!hasThread) {
      Thread.ofPlatform().daemon().name(threadName).inheritInheritableThreadLocals(false).start(this::work);
      hasThread = true;
    }
    pending.add(one);
    notifyAll();
  }

  /** The memory is closed: the thread ends when it has completed what is pending. Doesn't wait for it, as it may be the one that closes. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  private void work() {
    long lastSuccess = System.nanoTime();
    while (true) {
      if (pending.isEmpty()) {
        if (!awaitPending()) {
          return;
        }
        lastSuccess = System.nanoTime();
      }
      long start = System.nanoTime();
      boolean isSuccess = look();
      long end = System.nanoTime();
      lastSuccess = isSuccess ? end : lastSuccess;
      long nap = Math.clamp((end - lastSuccess) / NAPS_PER_WAIT, SHORTEST_NAP_NANOS, LONGEST_NAP_NANOS);
      // What is chained to futures runs here, and may have left an interrupt behind.
      Thread.interrupted();
      LockSupport.parkNanos(isSuccess ? nap : Math.max(nap, (end - start) * LOOKS_PER_NAP));
    }
  }

  /** Waits until something is pending; false if nothing will be. */
  private synchronized boolean awaitPending() {
    while (pending.isEmpty()) {
      if (closed) {
        hasThread = false;
        return false;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        // Left behind by what is chained to a future: nobody ends this thread but close().
      }
    }
    return true;
  }

  /** Completes what is over, and forgets what its user has ended; answers whether there was any. */
  private boolean look() {
    try {
      retireDone.run();
    } catch (RuntimeException | Error e) {
      // Nobody else would tell those who wait.
      return pending.removeIf(one -> fail(one, e));
    }
    return pending.removeIf(one -> one.future().isDone() || isSettled(one));
  }

  /** Completes it if it is over; a program's own fence may throw where it should answer. */
  private static boolean isSettled(Pending one) {
    try {
      return one.isOver().getAsBoolean() && complete(one);
    } catch (RuntimeException | Error e) {
      return fail(one, e);
    }
  }

  private static boolean complete(Pending one) {
    try {
      one.fence().await();
    } catch (RuntimeException | Error e) {
      return fail(one, e);
    }
    one.future().complete(null);
    return true;
  }

  private static boolean fail(Pending one, Throwable failure) {
    one.future().completeExceptionally(failure);
    return true;
  }
}
