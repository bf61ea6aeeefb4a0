package io.samepage.testkit;

import io.samepage.Fence;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A fence that a test has pass, as a program's own work would. Waiting for it before it has passed is an error: it is to be looked at. */
public class HandFence implements Fence {
  private final CountDownLatch looks;
  private volatile boolean isDone;
  private volatile RuntimeException failure;

  public HandFence() {
    this(1);
  }

  /** Tells when it was looked at so many times. */
  HandFence(int looks) {
    this.looks = new CountDownLatch(looks);
  }

  /** It passes. */
  public void pass() {
    isDone = true;
  }

  /** It passes, and tells of a failure. */
  public void fail(RuntimeException how) {
    failure = how;
    isDone = true;
  }

  void awaitLooks() {
    try {
      looks.await();
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted while the fence was to be looked at", e);
    }
  }

  @Override
  public boolean isDone() {
    looks.countDown();
    return isDone;
  }

  @Override
  public void await() {
    if (!isDone) {
      throw new AssertionError("Waited for instead of looked at");
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public boolean await(Duration timeout) {
    await();
    return true;
  }

  @Override
  public long kernelNanos() {
    await();
    return 0;
  }

  @Override
  public CompletableFuture<Void> toFuture() {
    return CompletableFuture.runAsync(this::await);
  }
}
