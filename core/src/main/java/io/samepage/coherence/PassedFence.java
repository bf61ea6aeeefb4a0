package io.samepage.coherence;

import io.samepage.Fence;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The fence of what is complete already. */
enum PassedFence implements Fence {
  INSTANCE;

  @Override
  public boolean isDone() {
    return true;
  }

  @Override
  public void await() {}

  @Override
  public boolean await(Duration timeout) {
    Deadline.after(timeout);
    return true;
  }

  @Override
  public long kernelNanos() {
    return 0;
  }

  @Override
  public CompletableFuture<Void> toFuture() {
    return CompletableFuture.completedFuture(null);
  }
}
