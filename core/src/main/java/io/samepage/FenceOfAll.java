package io.samepage;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** What {@link Fence#all(Fence...)} answers. */
record FenceOfAll(List<Fence> parts) implements Fence {
  @Override
  public boolean isDone() {
    return parts.stream().allMatch(Fence::isDone);
  }

  @Override
  public void await() {
    awaitEach(part -> {
      part.await();
      return true;
    });
  }

  @Override
  public boolean await(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("A timeout is not negative: timeout=" + timeout);
    }
    Duration longest = Duration.ofNanos(Long.MAX_VALUE);
    long timeoutNanos = timeout.compareTo(longest) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
    long start = System.nanoTime();
    return awaitEach(part -> part.await(Duration.ofNanos(Math.max(0, timeoutNanos - (System.nanoTime() - start)))));
  }

  /** Waits for each as it is told, until one is not complete. Failures are kept until all are. */
  private boolean awaitEach(Predicate<Fence> wait) {
    RuntimeException failure = null;
    for (Fence part : parts) {
      try {
        if (!wait.test(part)) {
          return false;
        }
      } catch (WaitInterruptedException e) {
        throw e;
      } catch (RuntimeException e) {
        failure = joined(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return true;
  }

  private static RuntimeException joined(RuntimeException first, RuntimeException next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }

  @Override
  public long kernelNanos() {
    await();
    return parts.stream().mapToLong(Fence::kernelNanos).sum();
  }

  @Override
  public CompletableFuture<Void> toFuture() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    CompletableFuture<?>[] futures = parts.stream().map(Fence::toFuture).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(futures).whenComplete((nothing, anyFailure) -> complete(future));
    return future;
  }

  /** Called when all are complete: which failure comes first is for {@link #await} to say. */
  private void complete(CompletableFuture<Void> future) {
    try {
      await();
    } catch (RuntimeException e) {
      future.completeExceptionally(e);
      return;
    }
    future.complete(null);
  }
}
